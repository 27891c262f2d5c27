"""Listens to an edge node: PORT REPORT. Writes what it heard to REPORT as JSON, again and again."""
import json
import os
import sys
import time

import paho.mqtt.client as paho
from pysparkplug._protobuf import Payload

port, report = int(sys.argv[1]), sys.argv[2]
names = {}
heard = {"connected": False, "birth": 0, "past": 0, "live": 0, "out_of_order": 0, "gaps_in_seq": 0, "first_live_after_past": None, "last": {}, "oldest": None}
newest_past, seq = {}, None


def on_message(client, userdata, message):
    global seq
    kind = message.topic.split("/")[2]
    payload = Payload()
    payload.ParseFromString(message.payload)
    if kind == "NBIRTH":
        heard["birth"] += 1
        seq = 0
        for metric in payload.metrics:
            names[metric.alias] = metric.name
    elif kind == "NDATA":
        if seq is not None and payload.seq != (seq + 1) % 256:
            heard["gaps_in_seq"] += 1
        seq = payload.seq
        for metric in payload.metrics:
            name = names.get(metric.alias)
            if metric.is_historical:
                heard["past"] += 1
                heard["out_of_order"] += metric.timestamp < newest_past.get(name, 0)
                newest_past[name] = metric.timestamp
                heard["oldest"] = min(heard["oldest"] or metric.timestamp, metric.timestamp)
            else:
                heard["live"] += 1
                heard["last"][name] = metric.double_value
                if name == "now" and heard["first_live_after_past"] is None:
                    heard["first_live_after_past"] = heard["past"]


client = paho.Client()
client.on_message = on_message
client.on_connect = lambda client, *_: client.subscribe("spBv1.0/up/#", qos=1)
client.on_subscribe = lambda *_: heard.update(connected=True)
client.reconnect_delay_set(1, 1)
client.connect("127.0.0.1", port)
client.loop_start()
while True:
    with open(report + ".tmp", "w") as file:
        json.dump(heard, file)
    os.replace(report + ".tmp", report)
    time.sleep(0.1)
