"""Deploys a change set as CloudFormation does: in the order of dependencies, changing only what changed, keeping
what is to be retained, and failing loudly. What failed is not rolled back: the deploy ends there, and says why.
"""

import re
import traceback
from contextlib import contextmanager
from dataclasses import dataclass

from moto.cloudformation import models, parsing

from resource_types import type_of


class DeployFault(Exception):
    """The template asks for what this emulator cannot do; the message says what to teach it."""


@dataclass
class Deployed:
    """What a template asked for at the last deploy, and what came of it."""

    type: str
    properties: dict
    resource: object
    retain: bool


def install(aws):
    def execute_change_set(backend, change_set_name, stack_name=None):
        change_set = backend.describe_change_set(change_set_name)
        deploy(aws, backend.stacks[change_set.stack_id], change_set)

    models.CloudFormationBackend.execute_change_set = execute_change_set
    # Whatever a template names has been made by `deploy`, in order; moto would make it where it is first read.
    parsing.parse_and_create_resource = lambda *_, **__: None


def deploy(aws, stack, change_set):
    kind = change_set.change_set_type
    stack._add_stack_event(f"{kind}_IN_PROGRESS", resource_status_reason="User Initiated")
    try:
        apply(aws, stack, change_set)
        for output in stack.outputs or []:
            if output["OutputValue"] is None:
                raise DeployFault(f"the output {output['OutputKey']} has no value")
    except Exception as cause:
        traceback.print_exc()
        stack.status = "ROLLBACK_COMPLETE" if kind == "CREATE" else "UPDATE_ROLLBACK_COMPLETE"
        stack._add_stack_event(stack.status, resource_status_reason=str(cause))
        change_set.execution_status = "EXECUTE_FAILED"
        return
    stack.status = f"{kind}_COMPLETE"
    stack._add_stack_event(stack.status)
    change_set.execution_status = "EXECUTE_COMPLETE"


def apply(aws, stack, change_set):
    definitions = change_set.template_dict["Resources"]
    refuse_unknown(definitions)
    load(stack, change_set)
    resources = stack.resource_map
    deployed = stack.__dict__.setdefault("deployed", {})
    for logical_id in in_order(definitions):
        definition = definitions[logical_id]
        if "Condition" in definition and not resources.lazy_condition_map[definition["Condition"]]:
            continue
        with reported(stack, logical_id, definition["Type"]):
            properties = parsing.clean_json(definition.get("Properties", {}), resources)
            resource = bring_about(aws, stack, deployed.get(logical_id), logical_id, definition["Type"], properties)
        retain = definition.get("DeletionPolicy", "Delete") != "Delete"
        deployed[logical_id] = Deployed(definition["Type"], properties, resource, retain)
        resources._parsed_resources[logical_id] = resource
    remove_others(aws, stack, deployed, definitions)
    stack.output_map = stack._create_output_map()


def load(stack, change_set):
    """Puts template and parameters where moto looks when it resolves references and describes the stack."""
    stack.template = change_set.template
    stack.template_dict = change_set.template_dict
    stack.description = change_set.template_dict.get("Description")
    stack.parameters = change_set.parameters
    resources = stack.resource_map
    resources._template = change_set.template_dict
    resources._resource_json_map = change_set.template_dict["Resources"]
    resources.input_parameters = change_set.parameters
    resources.load_mapping()
    resources.load_parameters()
    resources.load_conditions()


def refuse_unknown(definitions):
    unknown = sorted(f"{each['Type']} ({name})" for name, each in definitions.items() if type_of(each["Type"]) is None)
    if unknown:
        raise DeployFault(f"neither moto nor test/deploy/emulator/resource_types.py has {', '.join(unknown)}")


def bring_about(aws, stack, before, logical_id, type_name, properties):
    """The resource that there is from now on."""
    kind = type_of(type_name)
    if before is None:
        name = f"{stack.name}-{logical_id}-{models.mock_random.get_random_hex(12).upper()}"
        resource = kind.create(aws, name, properties)
    elif before.type != type_name:
        raise DeployFault(f"{logical_id} was {before.type} and is {type_name}: replacing is not emulated")
    elif before.properties == properties:
        return before.resource
    else:
        resource = kind.update(aws, before.resource, properties, before.properties)
    # For moto's ListStackResources.
    resource.logical_resource_id = logical_id
    resource.cf_resource_type = type_name
    return resource


def remove_others(aws, stack, deployed, definitions):
    """Those that the template has no more, dependents first."""
    for logical_id in [name for name in reversed(deployed) if name not in definitions]:
        gone = deployed.pop(logical_id)
        stack.resource_map._parsed_resources.pop(logical_id, None)
        if gone.retain:
            continue
        with reported(stack, logical_id, gone.type):
            type_of(gone.type).delete(aws, gone.resource, gone.properties)


@contextmanager
def reported(stack, logical_id, type_name):
    """What fails within becomes an event of the stack with the resource's name, which the CDK's CLI shows."""
    try:
        yield
    except Exception as cause:
        event = models.Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id="",
            resource_type=type_name,
            resource_status="UPDATE_FAILED",
            resource_status_reason=f"{type(cause).__name__}: {getattr(cause, 'message', None) or cause}",
            resource_properties=None,
        )
        stack.events.append(event)
        raise


def in_order(definitions):
    """The logical ids, each after those that it depends on."""
    ordered, open_ = [], set()

    def visit(name):
        if name in ordered:
            return
        if name in open_:
            raise DeployFault(f"the dependencies of {name} are a circle")
        open_.add(name)
        for other in sorted(references(definitions[name])):
            if other in definitions:
                visit(other)
        ordered.append(name)

    for name in definitions:
        visit(name)
    return ordered


def references(value):
    if isinstance(value, list):
        return {each for item in value for each in references(item)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        if key in ("Ref", "DependsOn"):
            found |= {inner} if isinstance(inner, str) else set(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub":
            text = inner if isinstance(inner, str) else inner[0]
            found |= {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text)}
            found |= references(inner)
        else:
            found |= references(inner)
    return found
