"""A Sparkplug B edge node: PORT METRICS. Its device `d` has that many metrics, one of which changes with every update; plain
topics change along. Takes from its input: `bye` (the device leaves), `hello` (it comes back), `skip` (a number is left out)."""
import json
import sys
import threading
import time

import paho.mqtt.client as paho
import pysparkplug as psp

port, count = int(sys.argv[1]), int(sys.argv[2])


def now():
    return psp.get_current_timestamp()


def metric(name, value, alias, datatype=psp.DataType.DOUBLE, **more):
    return psp.Metric(timestamp=now(), name=name, datatype=datatype, value=value, alias=alias, **more)


def rebirth(node, message):
    for told in message.payload.metrics:
        if told.name == "Node Control/Rebirth":
            # Births begin at 0 again; the library has no call for it.
            node._metrics["off"] = metric("off", -5, 3, psp.DataType.INT16)
            node._EdgeNode__seq_cycler = iter(i % 256 for i in range(10**9))
            birth(node)
        elif told.name == "set":
            node.update([metric("set", told.value, 2)])


def birth(node):
    topic = psp.Topic(message_type=psp.MessageType.NBIRTH, group_id="g", edge_node_id="n")
    born = psp.NBirth(timestamp=now(), seq=node._seq, metrics=(*node._metrics.values(), wills[-2]))
    node._client.publish(
        psp.Message(topic=topic, payload=born, qos=psp.QoS.AT_MOST_ONCE, retain=False), include_dtypes=True
    )
    for device in node._devices.values():
        topic = psp.Topic(message_type=psp.MessageType.DBIRTH, group_id="g", edge_node_id="n", device_id=device.device_id)
        born = psp.DBirth(timestamp=now(), seq=node._seq, metrics=tuple(device.metrics.values()))
        node._client.publish(
            psp.Message(topic=topic, payload=born, qos=psp.QoS.AT_MOST_ONCE, retain=False), include_dtypes=True
        )


options = psp.ClientOptions(reconnection_delay_min=1, reconnection_delay_max=1)
node = psp.EdgeNode(
    "g",
    "n",
    [metric("up", 1, 1, psp.DataType.INT32), metric("set", 0.0, 2), metric("off", -5, 3, psp.DataType.INT16)],
    client=psp.Client(client_options=options),
    cmd_callback=rebirth,
)


# Once connected the library has the number of its next will ready; a birth repeats that of the will in force.
wills = []
prepare = node._setup_will


def remember():
    prepare()
    wills.append(node._bd_seq_metric)


node._setup_will = remember


def device():
    return psp.Device("d", [metric(f"m{i}", float(i), 10 + i) for i in range(count)])


node.register(device())
node.connect("127.0.0.1", port=port)
plain = paho.Client()
plain.reconnect_delay_set(1, 1)
plain.connect_async("127.0.0.1", port)
plain.loop_start()


def listen():
    for line in sys.stdin:
        if line.strip() == "bye":
            node.deregister("d")
        elif line.strip() == "hello":
            node.register(device())
        elif line.strip() == "skip":
            node._seq


threading.Thread(target=listen, daemon=True).start()
n = 0
while True:
    time.sleep(0.3)
    n += 1
    try:
        node.update([metric("up", n % 1000, 1, psp.DataType.INT32)])
        plain.publish("plain/number", str(n))
        plain.publish("plain/json", json.dumps({"data": [{"v": n, "ok": True}]}))
        plain.publish("plain/word", "nonsense")
        plain.publish("plain/kept", "7", qos=1, retain=True)
    except Exception as error:
        print("node:", error)
