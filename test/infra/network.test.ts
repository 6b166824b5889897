import { templateOf } from '../support/stack.ts';
import type { Resource, Template } from '../support/template.ts';

const given = ['eipalloc-11111111', 'eipalloc-22222222'];
const subnetIds = ['subnet-11111111', 'subnet-22222222'];

const withOne = templateOf();
const withTwo = templateOf({ natGateways: 2 });
const withGiven = templateOf({ natGateways: 2, elasticIpAllocationIds: given });
const publicIp = templateOf({ egress: 'public-ip' });
const ownVpc = templateOf({ vpc: { vpcId: 'vpc-12345678', subnetIds } });
const ownVpcPublicIp = templateOf({ vpc: { vpcId: 'vpc-12345678', subnetIds }, egress: 'public-ip' });

function allocationsOf(of: Template): unknown[] {
  return of.all('EC2::NatGateway').map(({ properties }) => properties.AllocationId);
}

function whereTasksRun(of: Template): { Subnets: string[]; AssignPublicIp: string } {
  const { NetworkConfiguration } = of.at('Gateway/Carrier-acme/Connector/Service').properties;
  return (NetworkConfiguration as { AwsvpcConfiguration: ReturnType<typeof whereTasksRun> }).AwsvpcConfiguration;
}

/** What the default route of each of `subnets` leads to. */
function waysOut(of: Template, subnets: readonly string[]): unknown[] {
  return routesOf(of, subnets).map(({ properties }) => properties.NatGatewayId ?? properties.GatewayId);
}

/** What is there before the first task starts. */
function madeBefore(of: Template): readonly string[] {
  const { id } = of.at('Gateway/Carrier-acme/Connector/Service');
  return of.raw.Resources[id]?.DependsOn ?? [];
}

/** The default routes of each of `subnets`. */
function routesOf(of: Template, subnets: readonly string[]): Resource[] {
  return subnets.flatMap((subnet) => {
    const [association] = of
      .all('EC2::SubnetRouteTableAssociation')
      .filter(({ properties }) => properties.SubnetId === subnet);
    return of
      .all('EC2::Route')
      .filter(({ properties }) => properties.RouteTableId === association?.properties.RouteTableId);
  });
}

test.each([
  ['nat', withOne],
  ['public-ip', publicIp],
])('with "egress": "%s" tasks start once there is a way out: without one they cannot get their image', (_, of) => {
  const routes = routesOf(of, whereTasksRun(of).Subnets);
  expect(routes).toHaveLength(2);
  expect(madeBefore(of)).toEqual(expect.arrayContaining(routes.map(({ id }) => id)));
});

test.each([
  ['the network that is made', withOne],
  ['a network of the user’s', ownVpc],
])('in %s tasks start once they may get their image', (_, of) => {
  const policy = of.at('Gateway/Carrier-acme/Connector/Task/ExecutionRole/DefaultPolicy');
  expect(madeBefore(of)).toContain(policy.id);
});

describe.each([
  [1, withOne],
  [2, withTwo],
])('with %p NAT gateways', (count, of) => {
  const addresses = of.all('EC2::EIP');

  test('each has an address of its own', () => {
    expect(addresses).toHaveLength(count);
    expect(allocationsOf(of)).toEqual(addresses.map(({ id }) => `allocation of ${id}`));
  });

  test('the addresses stay when the stack goes, for carriers have them in their allow-lists', () => {
    for (const { deletion, replacement } of addresses)
      expect([deletion, replacement]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  test('the addresses are told', () => {
    expect(of.outputs.EgressAddresses).toBe(addresses.map(({ id }) => `address of ${id}`).join(', '));
  });

  test('tasks run where the way out leads through one', () => {
    const { Subnets } = whereTasksRun(of);
    expect(Subnets).toHaveLength(2);
    expect(new Set(waysOut(of, Subnets))).toEqual(new Set(of.all('EC2::NatGateway').map(({ id }) => id)));
  });

  test('tasks have no public address', () => {
    expect(whereTasksRun(of).AssignPublicIp).toBe('DISABLED');
  });
});

describe('Elastic IPs of the user’s', () => {
  test('are those of the NAT gateways', () => {
    expect(allocationsOf(withGiven)).toEqual(given);
  });

  test('leave none to be made', () => {
    expect(withGiven.all('EC2::EIP')).toEqual([]);
  });

  test('are not told: the stack knows no more of them than the user', () => {
    expect(withGiven.outputs).not.toHaveProperty('EgressAddresses');
  });
});

test('"egress" can be changed: the public subnets stay as they are, where others could not be made beside them', () => {
  const subnetsOf = (of: Template) =>
    new Map(of.all('EC2::Subnet').map(({ id, properties }) => [id, properties.CidrBlock]));
  const before = subnetsOf(withOne);
  const after = subnetsOf(publicIp);
  expect(after.size).toBe(2);
  for (const [id, block] of after) expect([id, block]).toEqual([id, before.get(id)]);
});

test('the zones of the network are those that the user named', () => {
  const zones = ['ap-northeast-1c', 'ap-northeast-1d'];
  const of = templateOf({ availabilityZones: zones });
  const used = of.all('EC2::Subnet').map(({ properties }) => properties.AvailabilityZone);
  expect([...new Set(used)].sort()).toEqual(zones);
});

test.each([
  ['a network of the user’s, which may have other name servers than Amazon’s', ownVpc, ['tcp 53', 'udp 53']],
  ['the network that is made', withOne, []],
])('tasks in %s may ask for names on %p %p', (_, of, expected) => {
  const { SecurityGroupEgress } = of.at('Gateway/Carrier-acme/Connector/SecurityGroup').properties;
  const rules = SecurityGroupEgress as { IpProtocol: string; FromPort: number; Description: string }[];
  const dns = rules.filter(({ Description }) => Description === 'DNS');
  expect(dns.map(({ IpProtocol, FromPort }) => `${IpProtocol} ${FromPort}`).sort()).toEqual(expected);
});

describe('with "egress": "public-ip"', () => {
  test.each(['EC2::NatGateway', 'EC2::EIP'])('there is no %s to pay for', (type) => {
    expect(publicIp.all(type)).toEqual([]);
  });

  test('each task has an address', () => {
    expect(whereTasksRun(publicIp).AssignPublicIp).toBe('ENABLED');
  });

  test('tasks run where the way out is the internet gateway', () => {
    const [gateway] = publicIp.all('EC2::InternetGateway');
    const { Subnets } = whereTasksRun(publicIp);
    expect(waysOut(publicIp, Subnets)).toEqual([gateway?.id, gateway?.id]);
  });

  test('no addresses are told: they change with every start', () => {
    expect(publicIp.outputs).not.toHaveProperty('EgressAddresses');
  });
});

describe('in a VPC of the user’s', () => {
  test('no network is made, but for the security group', () => {
    const made = ownVpc.resources.filter(({ type }) => type.startsWith('AWS::EC2::')).map(({ type }) => type);
    expect(made).toEqual(['AWS::EC2::SecurityGroup']);
  });

  test('the security group is in it', () => {
    expect(ownVpc.at('Gateway/Carrier-acme/Connector/SecurityGroup').properties.VpcId).toBe('vpc-12345678');
  });

  test('tasks run in the subnets that the user named', () => {
    expect(whereTasksRun(ownVpc).Subnets).toEqual(subnetIds);
  });

  test.each([
    ['DISABLED', 'without', ownVpc],
    ['ENABLED', 'with', ownVpcPublicIp],
  ])('public addresses of tasks are %s %s "egress": "public-ip"', (assigned, _, of) => {
    expect(whereTasksRun(of).AssignPublicIp).toBe(assigned);
  });
});

describe('the VPC that is made', () => {
  test('spans two zones, whatever the region', () => {
    const zones = withOne.all('EC2::Subnet').map(({ properties }) => properties.AvailabilityZone);
    expect(zones).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1a', 'eu-west-1b']);
  });

  test('gives nobody a public address who does not ask', () => {
    for (const { properties } of [...withOne.all('EC2::Subnet'), ...publicIp.all('EC2::Subnet')]) {
      expect(properties.MapPublicIpOnLaunch ?? false).toBe(false);
    }
  });

  test('reaches S3, where images are, past the NAT gateway', () => {
    const [endpoint] = withOne.all('EC2::VPCEndpoint');
    expect(endpoint?.properties).toMatchObject({
      ServiceName: 'com.amazonaws.eu-west-1.s3',
      VpcEndpointType: 'Gateway',
      RouteTableIds: expect.arrayContaining(withOne.all('EC2::RouteTable').map(({ id }) => id)),
    });
  });

  test('logs what was rejected', () => {
    const [log] = withOne.all('EC2::FlowLog');
    expect(log?.properties).toMatchObject({
      TrafficType: 'REJECT',
      ResourceId: withOne.refAt('Gateway/Network/Vpc'),
      LogGroupName: withOne.refAt('Gateway/Network/RejectedLog'),
    });
  });
});
