package lienthong.exchange_test

import data.lienthong.exchange

request := {
	"now": 1,
	"method": "/a.v1.S/M",
	"context": {"purpose": "p"},
	"release": [],
	"match": [],
	"allow_partial": false,
}

test_whole_request_is_valid if exchange.request_valid with input as request

test_each_member_must_be_there if {
	every name, _ in request {
		not exchange.request_valid with input as object.remove(request, [name])
	}
}

test_each_member_must_have_its_type if {
	every name, _ in request {
		not exchange.request_valid with input as object.union(request, {name: null})
	}
}
