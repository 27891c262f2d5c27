// An OPC UA client to test our server with (node-opcua). Says what it found, a line each.
//
// node opcua_client.js URL PATH LAST: looks for the variable at PATH below the objects, and hears it until it is LAST.

const {
  AttributeIds,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  Variant,
  makeBrowsePath,
} = require("node-opcua-client");

const [url, path, last] = process.argv.slice(2);
const say = (...words) => console.log(words.join(" "));

async function look(session) {
  const namespaces = await session.readNamespaceArray();
  say("namespaces", ...namespaces);
  const found = await session.translateBrowsePath(makeBrowsePath("ObjectsFolder", path));
  const node = found.targets[0].targetId;
  say("node", node);
  const name = await session.read({ nodeId: node, attributeId: AttributeIds.DisplayName });
  say("name", name.value.value.text);
  const property = await session.translateBrowsePath(makeBrowsePath(node, "/0:EngineeringUnits"));
  const unit = await session.read({ nodeId: property.targets[0].targetId, attributeId: AttributeIds.Value });
  say("unit", unit.value.value.unitId, unit.value.value.displayName.text);
  return node;
}

async function hear(session, node) {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 100,
    requestedLifetimeCount: 100,
    requestedMaxKeepAliveCount: 10,
    publishingEnabled: true,
  });
  const item = await subscription.monitor(
    { nodeId: node, attributeId: AttributeIds.Value },
    { samplingInterval: 0, queueSize: 10, discardOldest: true },
    TimestampsToReturn.Both,
  );
  await new Promise((done) => {
    item.on("changed", (data) => {
      say("heard", data.value.value, data.statusCode.name, data.sourceTimestamp.getTime());
      if (String(data.value.value) === last) {
        done();
      }
    });
  });
  await subscription.terminate();
}

async function main() {
  const client = OPCUAClient.create({
    applicationName: "peer",
    connectionStrategy: { maxRetry: 0 },
    endpointMustExist: false,
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
  });
  await client.connect(url);
  const session = await client.createSession();
  say("connected");
  const node = await look(session);
  await hear(session, node);
  const written = await session.write({
    nodeId: node,
    attributeId: AttributeIds.Value,
    value: { value: new Variant({ dataType: DataType.Double, value: 1 }) },
  });
  say("written", written.name);
  await session.close();
  await client.disconnect();
  say("done");
}

main().catch((error) => {
  say("failed", error.message);
  process.exit(1);
});
