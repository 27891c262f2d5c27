"""Listens to an edge node: PORT REPORT. Writes what it heard to REPORT as JSON, again and again."""
import collections
import json
import os
import sys
import time

import paho.mqtt.client as paho
from pysparkplug._protobuf import Payload

port, report = int(sys.argv[1]), sys.argv[2]
names = {}
heard = {
    "subscriptions": 0,
    "birth": 0,
    "data_of_life": 0,
    "past": 0,
    "live": 0,
    "different": 0,
    "out_of_order": 0,
    "gaps_in_seq": 0,
    # Readings of the past before the first of the tag `now`, in each life.
    "past_before_now": [],
    "last": {},
}
# What came and was not looked into yet: the broker must not wait for that.
inbox = collections.deque()
known, newest, seq, of_life, is_waiting = set(), {}, None, 0, False


def look(kind, message):
    global seq, of_life, is_waiting
    payload = Payload()
    payload.ParseFromString(message)
    if kind == "NBIRTH":
        heard["birth"] += 1
        heard["data_of_life"] = 0
        # What the broker did not acknowledge in the last life comes again in this one.
        newest.clear()
        seq, of_life, is_waiting = 0, 0, True
        for metric in payload.metrics:
            names[metric.alias] = metric.name
    elif kind == "NDATA":
        heard["data_of_life"] += 1
        if seq is not None and payload.seq != (seq + 1) % 256:
            heard["gaps_in_seq"] += 1
        seq = payload.seq
        for metric in payload.metrics:
            name = names.get(metric.alias)
            known.add((name, metric.timestamp))
            stream = (name, metric.is_historical)
            heard["out_of_order"] += metric.timestamp < newest.get(stream, 0)
            newest[stream] = metric.timestamp
            if metric.is_historical:
                heard["past"] += 1
                of_life += 1
            else:
                heard["live"] += 1
                heard["last"][name] = metric.double_value
                if name == "now" and is_waiting:
                    heard["past_before_now"].append(of_life)
                    is_waiting = False
        heard["different"] = len(known)


def on_subscribe(*_):
    heard["subscriptions"] += 1


client = paho.Client()
client.on_message = lambda client, userdata, message: inbox.append((message.topic.split("/")[2], message.payload))
client.on_connect = lambda client, *_: client.subscribe("spBv1.0/up/#", qos=1)
client.on_subscribe = on_subscribe
client.reconnect_delay_set(1, 1)
client.connect("127.0.0.1", port)
client.loop_start()
while True:
    while inbox:
        look(*inbox.popleft())
    with open(report + ".tmp", "w") as file:
        json.dump(heard, file)
    os.replace(report + ".tmp", report)
    time.sleep(0.1)
