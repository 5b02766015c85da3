package lienthong.exchange

# METADATA
# title: The shape of the request
# description: |
#   Rego orders values of different types (null < number < string), so `now < valid_to` holds for a text `valid_to`.
#   Types are therefore stated before anything is compared.
default request_valid := false

request_valid if {
	is_number(input.now)
	is_string(input.method)
	is_string(input.context.purpose)
	is_array(input.release)
	is_array(input.match)
	is_boolean(input.allow_partial)
}
