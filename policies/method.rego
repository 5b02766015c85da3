package lienthong.exchange

# METADATA
# title: The method
# description: The full path, `/package.Service/Method`, must stand in the agreement.
default method_agreed := false

method_agreed if input.method in agreement.methods
