// The app with every static check on it: any finding that is not acknowledged, with its reason, fails the synthesis.
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { gatewayApp } from '../infra/gateway-app.ts';

const app = gatewayApp();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new CfnGuardValidator());
app.synth();
