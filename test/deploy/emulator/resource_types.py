"""Types of resources, each made, changed and deleted by the emulator's own API, as CloudFormation would by AWS's.

A type that is not here is moto's: made and deleted by moto's code, and never changed, since that either forgets
most properties or makes another resource. A property that the API does not know fails the deploy.
"""

import json

import boto3
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException


class CannotUpdate(Exception):
    """The template changes a resource in a way that nobody has taught the emulator."""


class Aws:
    """The emulator, as its own client."""

    def __init__(self, endpoint, account, region):
        self.endpoint, self.account, self.region = endpoint, account, region
        self._clients = {}

    def client(self, service):
        if service not in self._clients:
            access = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            place = {"region_name": self.region, "endpoint_url": self.endpoint}
            self._clients[service] = boto3.client(service, **place, **access)
        return self._clients[service]


class Resource:
    """A resource as `Ref` and `Fn::GetAtt` see it."""

    def __init__(self, physical_id, **attributes):
        self.physical_resource_id = physical_id
        self.attributes = attributes

    def get_cfn_attribute(self, name):
        if name not in self.attributes:
            raise UnformattedGetAttTemplateException()
        return self.attributes[name]

    def is_created(self):
        return True


class Type:
    """How one type is made. `update` answers the resource that there is from then on."""

    def create(self, aws, name, properties):
        raise NotImplementedError

    def update(self, aws, resource, properties, before):
        changed = {key for key in {*properties, *before} if properties.get(key) != before.get(key)}
        raise CannotUpdate(f"{type(self).__name__}: {', '.join(sorted(changed))}")

    def delete(self, aws, resource, properties):
        raise NotImplementedError(f"{type(self).__name__} cannot be deleted yet")


class MotoType(Type):
    """A type of moto's own."""

    def __init__(self, name):
        self.name = name
        self.model = parsing.resource_class_from_type(name)

    def create(self, aws, name, properties):
        definition = {"Type": self.name, "Properties": properties}
        name_property = self.model.cloudformation_name_type()
        given = properties.get(name_property, name) if name_property else name
        return self.model.create_from_cloudformation_json(given, definition, aws.account, aws.region)

    def update(self, aws, resource, properties, before):
        try:
            super().update(aws, resource, properties, before)
        except CannotUpdate as fault:
            raise CannotUpdate(f"{self.name}: {fault}") from None

    def delete(self, aws, resource, properties):
        definition = {"Type": self.name, "Properties": properties}
        try:
            resource.delete(aws.account, aws.region)
        except (AttributeError, TypeError):
            self.model.delete_from_cloudformation_json(
                resource.physical_resource_id, definition, aws.account, aws.region
            )


TYPES = {}


def type_of(name):
    if name not in TYPES and name in parsing.get_model_map():
        TYPES[name] = MotoType(name)
    return TYPES.get(name)


def of_type(name):
    def register(cls):
        TYPES[name] = cls()
        return cls

    return register


def lower_first(value):
    """`{"PathPart": "v1"}` as `{"pathPart": "v1"}`, at every depth."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_first(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [lower_first(inner) for inner in value]
    return value


def text(value):
    """As an attribute of SQS or SNS."""
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def without(properties, *names):
    return {key: value for key, value in properties.items() if key not in names}


def tag_map(properties):
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


# ---- DynamoDB


@of_type("AWS::DynamoDB::Table")
class Table(Type):
    def create(self, aws, name, properties):
        dynamodb = aws.client("dynamodb")
        apart = ("PointInTimeRecoverySpecification", "TimeToLiveSpecification", "SSESpecification")
        encryption = properties.get("SSESpecification", {})
        table = dynamodb.create_table(
            **{"TableName": name, **without(properties, *apart)},
            SSESpecification={("Enabled" if key == "SSEEnabled" else key): value for key, value in encryption.items()},
        )["TableDescription"]
        name = table["TableName"]
        if "TimeToLiveSpecification" in properties:
            time_to_live = properties["TimeToLiveSpecification"]
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)
        if "PointInTimeRecoverySpecification" in properties:
            recovery = properties["PointInTimeRecoverySpecification"]
            dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
        return Resource(name, Arn=table["TableArn"])


# ---- SQS and SNS


@of_type("AWS::SQS::Queue")
class Queue(Type):
    def create(self, aws, name, properties):
        attributes = {key: text(value) for key, value in without(properties, "QueueName", "Tags").items()}
        # CloudFormation shortens names, and knows what a FIFO queue's must end in.
        ending = ".fifo" if attributes.get("FifoQueue") == "true" else ""
        name = properties.get("QueueName", f"{name[: 80 - len(ending) - 13]}-{name[-12:]}{ending}")
        aws.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=tag_map(properties))
        arn = f"arn:aws:sqs:{aws.region}:{aws.account}:{name}"
        # The URL as AWS has it: who uses its host as the endpoint does not reach the emulator.
        url = f"https://sqs.{aws.region}.amazonaws.com/{aws.account}/{name}"
        return Resource(url, Arn=arn, QueueName=name, QueueUrl=url)

    def update(self, aws, resource, properties, before):
        sqs = aws.client("sqs")
        own_url = sqs.get_queue_url(QueueName=resource.attributes["QueueName"])["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=own_url, Attributes={key: text(value) for key, value in properties.items()})
        return resource

    def delete(self, aws, resource, properties):
        sqs = aws.client("sqs")
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=resource.attributes["QueueName"])["QueueUrl"])


@of_type("AWS::SQS::QueuePolicy")
class QueuePolicy(Type):
    def create(self, aws, name, properties):
        self._set(aws, properties, json.dumps(properties["PolicyDocument"]))
        return Resource(name)

    def update(self, aws, resource, properties, before):
        self._set(aws, properties, json.dumps(properties["PolicyDocument"]))
        return resource

    def delete(self, aws, resource, properties):
        self._set(aws, properties, "")

    def _set(self, aws, properties, policy):
        sqs = aws.client("sqs")
        for url in properties["Queues"]:
            own_url = sqs.get_queue_url(QueueName=url.split("/")[-1])["QueueUrl"]
            sqs.set_queue_attributes(QueueUrl=own_url, Attributes={"Policy": policy})


@of_type("AWS::SNS::Topic")
class Topic(Type):
    def create(self, aws, name, properties):
        attributes = {key: text(value) for key, value in without(properties, "TopicName", "Tags").items()}
        name = properties.get("TopicName", name)
        arn = aws.client("sns").create_topic(Name=name, Attributes=attributes)["TopicArn"]
        return Resource(arn, TopicArn=arn, TopicName=name)


@of_type("AWS::SNS::TopicPolicy")
class TopicPolicy(Type):
    def create(self, aws, name, properties):
        for arn in properties["Topics"]:
            policy = json.dumps(properties["PolicyDocument"])
            aws.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        return Resource(name)

    def update(self, aws, resource, properties, before):
        self.create(aws, "", properties)
        return resource


@of_type("AWS::SNS::Subscription")
class Subscription(Type):
    def create(self, aws, name, properties):
        attributes = {
            key: text(value) for key, value in without(properties, "TopicArn", "Protocol", "Endpoint", "Region").items()
        }
        arn = aws.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        return Resource(arn, Arn=arn)

    def delete(self, aws, resource, properties):
        aws.client("sns").unsubscribe(SubscriptionArn=resource.physical_resource_id)


# ---- Secrets Manager


@of_type("AWS::SecretsManager::Secret")
class Secret(Type):
    """With the value that the template gives, if any: without one there is nothing to read yet, as in AWS."""

    def create(self, aws, name, properties):
        given = without(properties, "GenerateSecretString")
        if "GenerateSecretString" in properties:
            raise NotImplementedError("a generated secret")
        arn = aws.client("secretsmanager").create_secret(**{"Name": name, **given})["ARN"]
        return Resource(arn, Id=arn)

    def delete(self, aws, resource, properties):
        arn = resource.physical_resource_id
        aws.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


# ---- IAM


@of_type("AWS::IAM::Policy")
class InlinePolicy(Type):
    def create(self, aws, name, properties):
        for role in properties.get("Roles", []):
            document = json.dumps(properties["PolicyDocument"])
            policy = {"PolicyName": properties["PolicyName"], "PolicyDocument": document}
            aws.client("iam").put_role_policy(RoleName=role, **policy)
        return Resource(name)

    def update(self, aws, resource, properties, before):
        if without(properties, "PolicyDocument") != without(before, "PolicyDocument"):
            super().update(aws, resource, properties, before)
        self.create(aws, "", properties)
        return resource

    def delete(self, aws, resource, properties):
        for role in properties.get("Roles", []):
            aws.client("iam").delete_role_policy(RoleName=role, PolicyName=properties["PolicyName"])


@of_type("AWS::S3::BucketPolicy")
class BucketPolicy(Type):
    """Not put in force: moto heeds no Condition, and so the CDK's "deny what is not TLS" would deny everything."""

    def create(self, aws, name, properties):
        return Resource(name)


# ---- Lambda and EventBridge


@of_type("AWS::Lambda::Function")
class Function(Type):
    def create(self, aws, name, properties):
        name = properties.get("FunctionName", name[:51] + "-" + name[-12:])
        created = aws.client("lambda").create_function(
            FunctionName=name, Tags=tag_map(properties), **without(properties, "FunctionName", "Tags")
        )
        return Resource(name, Arn=created["FunctionArn"])

    def update(self, aws, resource, properties, before):
        client = aws.client("lambda")
        name = resource.physical_resource_id
        client.update_function_configuration(
            FunctionName=name, **without(properties, "FunctionName", "Code", "Architectures", "Tags")
        )
        client.update_function_code(
            FunctionName=name, Architectures=properties.get("Architectures", ["x86_64"]), **properties["Code"]
        )
        return resource

    def delete(self, aws, resource, properties):
        aws.client("lambda").delete_function(FunctionName=resource.physical_resource_id)


@of_type("AWS::Lambda::Permission")
class Permission(Type):
    def create(self, aws, name, properties):
        aws.client("lambda").add_permission(StatementId=name, **properties)
        return Resource(name)

    def delete(self, aws, resource, properties):
        client = aws.client("lambda")
        client.remove_permission(FunctionName=properties["FunctionName"], StatementId=resource.physical_resource_id)


@of_type("AWS::Lambda::EventSourceMapping")
class EventSourceMapping(Type):
    def create(self, aws, name, properties):
        uuid = aws.client("lambda").create_event_source_mapping(**properties)["UUID"]
        return Resource(uuid, Id=uuid)

    def update(self, aws, resource, properties, before):
        client = aws.client("lambda")
        client.update_event_source_mapping(UUID=resource.physical_resource_id, **without(properties, "EventSourceArn"))
        return resource

    def delete(self, aws, resource, properties):
        aws.client("lambda").delete_event_source_mapping(UUID=resource.physical_resource_id)


@of_type("AWS::Lambda::EventInvokeConfig")
class EventInvokeConfig(Type):
    def create(self, aws, name, properties):
        aws.client("lambda").put_function_event_invoke_config(**without(properties, "Qualifier"))
        return Resource(name)

    def update(self, aws, resource, properties, before):
        return self.create(aws, resource.physical_resource_id, properties)

    def delete(self, aws, resource, properties):
        aws.client("lambda").delete_function_event_invoke_config(FunctionName=properties["FunctionName"])


@of_type("AWS::Events::Rule")
class Rule(Type):
    def create(self, aws, name, properties):
        name = properties.get("Name", name[:51] + "-" + name[-12:])
        return self._put(aws, name, properties)

    def update(self, aws, resource, properties, before):
        return self._put(aws, resource.physical_resource_id, properties)

    def _put(self, aws, name, properties):
        events = aws.client("events")
        rule = without(properties, "Name", "Targets")
        if "EventPattern" in rule:
            rule["EventPattern"] = json.dumps(rule["EventPattern"])
        arn = events.put_rule(Name=name, **rule)["RuleArn"]
        if properties.get("Targets"):
            events.put_targets(Rule=name, Targets=properties["Targets"])
        return Resource(name, Arn=arn)


# ---- API Gateway


@of_type("AWS::ApiGateway::RestApi")
class RestApi(Type):
    def create(self, aws, name, properties):
        api = aws.client("apigateway").create_rest_api(**lower_first(properties))
        return Resource(api["id"], RestApiId=api["id"], RootResourceId=api["rootResourceId"])


@of_type("AWS::ApiGateway::Resource")
class ApiResource(Type):
    def create(self, aws, name, properties):
        created = aws.client("apigateway").create_resource(**lower_first(properties))
        return Resource(created["id"], ResourceId=created["id"])


@of_type("AWS::ApiGateway::Method")
class Method(Type):
    def create(self, aws, name, properties):
        client = aws.client("apigateway")
        method = lower_first(without(properties, "Integration"))
        client.put_method(**method)
        integration = lower_first(properties["Integration"])
        place = {key: method[key] for key in ("restApiId", "resourceId", "httpMethod")}
        client.put_integration(**place, **integration)
        return Resource("|".join(place.values()))


@of_type("AWS::ApiGateway::GatewayResponse")
class GatewayResponse(Type):
    def create(self, aws, name, properties):
        api = properties["RestApiId"]
        kind = properties["ResponseType"]
        # The keys of these are data.
        maps = {
            "responseTemplates": properties.get("ResponseTemplates", {}),
            "responseParameters": properties.get("ResponseParameters", {}),
        }
        client = aws.client("apigateway")
        client.put_gateway_response(restApiId=api, responseType=kind, statusCode=properties["StatusCode"], **maps)
        return Resource(f"{api}|{kind}", Id=f"{api}|{kind}")

    def update(self, aws, resource, properties, before):
        return self.create(aws, "", properties)


@of_type("AWS::ApiGateway::Deployment")
class Deployment(Type):
    def create(self, aws, name, properties):
        deployment = aws.client("apigateway").create_deployment(**lower_first(properties))
        return Resource(deployment["id"], DeploymentId=deployment["id"])

    def delete(self, aws, resource, properties):
        api = properties["RestApiId"]
        aws.client("apigateway").delete_deployment(restApiId=api, deploymentId=resource.physical_resource_id)


@of_type("AWS::ApiGateway::Stage")
class Stage(Type):
    # https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
    SETTINGS = {
        "DataTraceEnabled": "logging/dataTrace",
        "LoggingLevel": "logging/loglevel",
        "MetricsEnabled": "metrics/enabled",
        "ThrottlingBurstLimit": "throttling/burstLimit",
        "ThrottlingRateLimit": "throttling/rateLimit",
    }

    def create(self, aws, name, properties):
        stage = without(properties, "AccessLogSetting", "MethodSettings")
        aws.client("apigateway").create_stage(**lower_first(stage))
        self._patch(aws, properties)
        return Resource(properties["StageName"])

    def update(self, aws, resource, properties, before):
        patched = ("AccessLogSetting", "DeploymentId", "MethodSettings")
        if without(properties, *patched) != without(before, *patched):
            super().update(aws, resource, properties, before)
        self._patch(aws, properties)
        return resource

    def _patch(self, aws, properties):
        log = properties.get("AccessLogSetting", {})
        values = {"/deploymentId": properties["DeploymentId"]}
        values.update({f"/accessLogSettings/{key}": value for key, value in lower_first(log).items()})
        for setting in properties.get("MethodSettings", []):
            path = f"/{setting['ResourcePath'].removeprefix('/')}/{setting['HttpMethod']}"
            for key, value in without(setting, "ResourcePath", "HttpMethod").items():
                values[f"{path}/{self.SETTINGS[key]}"] = text(value)
        aws.client("apigateway").update_stage(
            restApiId=properties["RestApiId"],
            stageName=properties["StageName"],
            patchOperations=[{"op": "replace", "path": path, "value": value} for path, value in values.items()],
        )


@of_type("AWS::ApiGateway::Account")
class ApiAccount(Type):
    def create(self, aws, name, properties):
        role = {"op": "replace", "path": "/cloudwatchRoleArn", "value": properties["CloudWatchRoleArn"]}
        aws.client("apigateway").update_account(patchOperations=[role])
        return Resource(name, Id=name)


@of_type("AWS::ApiGateway::ApiKey")
class ApiKey(Type):
    def create(self, aws, name, properties):
        key = aws.client("apigateway").create_api_key(**{"name": name, **lower_first(properties)})
        return Resource(key["id"], APIKeyId=key["id"])

    def delete(self, aws, resource, properties):
        aws.client("apigateway").delete_api_key(apiKey=resource.physical_resource_id)


@of_type("AWS::ApiGateway::UsagePlan")
class UsagePlan(Type):
    def create(self, aws, name, properties):
        named = {"name": properties.get("UsagePlanName", name), **lower_first(without(properties, "UsagePlanName"))}
        plan = aws.client("apigateway").create_usage_plan(**named)
        return Resource(plan["id"], Id=plan["id"])


@of_type("AWS::ApiGateway::UsagePlanKey")
class UsagePlanKey(Type):
    def create(self, aws, name, properties):
        aws.client("apigateway").create_usage_plan_key(**lower_first(properties))
        return Resource(f"{properties['KeyId']}:{properties['UsagePlanId']}")

    def delete(self, aws, resource, properties):
        place = {"usagePlanId": properties["UsagePlanId"], "keyId": properties["KeyId"]}
        aws.client("apigateway").delete_usage_plan_key(**place)


# ---- ECS


@of_type("AWS::ECS::TaskDefinition")
class TaskDefinition(Type):
    def create(self, aws, name, properties):
        definition = {"family": name, **lower_first(properties)}
        arn = aws.client("ecs").register_task_definition(**definition)["taskDefinition"]["taskDefinitionArn"]
        return Resource(arn, TaskDefinitionArn=arn)

    def update(self, aws, resource, properties, before):
        family = resource.physical_resource_id.split("/")[-1].split(":")[0]
        following = self.create(aws, family, properties)
        self.delete(aws, resource, before)
        return following

    def delete(self, aws, resource, properties):
        aws.client("ecs").deregister_task_definition(taskDefinition=resource.physical_resource_id)


@of_type("AWS::ECS::Service")
class Service(Type):
    def create(self, aws, name, properties):
        settings = {"serviceName": name, **lower_first(properties)}
        # CloudFormation writes this one in capitals.
        managed = settings.pop("enableECSManagedTags", False)
        service = aws.client("ecs").create_service(**settings, enableECSManagedTags=managed)["service"]
        return Resource(service["serviceArn"], ServiceArn=service["serviceArn"], Name=service["serviceName"])

    def update(self, aws, resource, properties, before):
        changeable = ("TaskDefinition", "DesiredCount")
        if without(properties, *changeable) != without(before, *changeable):
            super().update(aws, resource, properties, before)
        aws.client("ecs").update_service(
            cluster=properties["Cluster"],
            service=resource.attributes["Name"],
            taskDefinition=properties["TaskDefinition"],
            desiredCount=properties["DesiredCount"],
        )
        return resource

    def delete(self, aws, resource, properties):
        aws.client("ecs").delete_service(cluster=properties["Cluster"], service=resource.attributes["Name"], force=True)


# ---- CloudWatch


@of_type("AWS::CloudWatch::Alarm")
class Alarm(Type):
    def create(self, aws, name, properties):
        alarm = {"AlarmName": name, **properties}
        aws.client("cloudwatch").put_metric_alarm(**alarm)
        arn = f"arn:aws:cloudwatch:{aws.region}:{aws.account}:alarm:{alarm['AlarmName']}"
        return Resource(alarm["AlarmName"], Arn=arn)

    def update(self, aws, resource, properties, before):
        return self.create(aws, resource.physical_resource_id, properties)

    def delete(self, aws, resource, properties):
        aws.client("cloudwatch").delete_alarms(AlarmNames=[resource.physical_resource_id])


@of_type("AWS::CloudWatch::Dashboard")
class Dashboard(Type):
    def create(self, aws, name, properties):
        dashboard = {"DashboardName": name, **properties}
        aws.client("cloudwatch").put_dashboard(**dashboard)
        return Resource(dashboard["DashboardName"])

    def update(self, aws, resource, properties, before):
        return self.create(aws, resource.physical_resource_id, properties)
