"""Where moto 5.2.1 does otherwise than AWS, and a deploy or the gateway would notice."""

import re
from threading import Lock
from urllib.parse import urlparse

from moto.awslambda.models import LambdaFunction
from moto.cloudformation import models, parsing, responses
from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.dynamodb.models import DynamoDBBackend
from moto.s3.models import s3_backends
from moto.sqs.models import Queue


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"
    # By the module moto finds the service whose error it is.
    __module__ = CloudFormationError.__module__


def mend(aws):
    mend_change_sets()
    mend_parameters()
    mend_templates()
    mend_functions(aws)
    mend_writes()
    # Fn::GetAZs of no region means the stack's own.
    parsing.DEFAULT_REGION = aws.region


def mend_change_sets():
    describe = models.CloudFormationBackend.describe_change_set
    delete = models.CloudFormationBackend.delete_change_set

    def describe_change_set(self, change_set_name):
        try:
            return describe(self, change_set_name)
        except ValidationError:
            # The CDK's CLI waits for this very code.
            raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist") from None

    def delete_change_set(self, change_set_name):
        """Without complaint where there is none."""
        names = {name for key, each in self.change_sets.items() for name in (key, each.change_set_name)}
        if change_set_name in names:
            delete(self, change_set_name)

    models.CloudFormationBackend.describe_change_set = describe_change_set
    models.CloudFormationBackend.delete_change_set = delete_change_set


def mend_parameters():
    parse = parsing.ResourceMap.parse_ssm_parameter

    def parse_ssm_parameter(self, value, value_type):
        """`UsePreviousValue` gives the value where the name is expected."""
        try:
            return parse(self, value, value_type)
        except AttributeError:
            return value

    parsing.ResourceMap.parse_ssm_parameter = parse_ssm_parameter


def mend_templates():
    by_host = responses.get_stack_from_s3_url

    def get_stack_from_s3_url(template_url, account_id, partition):
        """With an address for a host, the bucket is in the path."""
        if not re.match(r"https?://[\d.]+(:\d+)?/", template_url):
            return by_host(template_url, account_id=account_id, partition=partition)
        bucket, key = urlparse(template_url).path.lstrip("/").split("/", 1)
        return s3_backends[account_id][partition].get_object(bucket, key).value.decode()

    responses.get_stack_from_s3_url = get_stack_from_s3_url


def mend_functions(aws):
    get_code = LambdaFunction.get_code

    def get_code_with_location(self):
        """From where the code can really be fetched, as in AWS without credentials and for a while."""
        answer = get_code(self)
        place = {"Bucket": self.code["S3Bucket"], "Key": self.code["S3Key"]}
        answer["Code"]["Location"] = aws.client("s3").generate_presigned_url("get_object", Params=place)
        return answer

    LambdaFunction.get_code = get_code_with_location

    def no_mappings(self):
        return {}

    # moto would run the function in docker with every message that is sent; the tests run it, from what is deployed.
    Queue.lambda_event_source_mappings = property(no_mappings, lambda self, _: None)


def mend_writes():
    """Two updates of one item at once: moto loses one of them now and then, where DynamoDB's are atomic."""
    one_at_a_time = Lock()

    def alone(write):
        def write_alone(self, *args, **kwargs):
            with one_at_a_time:
                return write(self, *args, **kwargs)

        return write_alone

    for name in ("put_item", "update_item", "delete_item"):
        setattr(DynamoDBBackend, name, alone(getattr(DynamoDBBackend, name)))
