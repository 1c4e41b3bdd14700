"""Benches of the inner steps, by JMH: time and allocation of one step, without brokers."""
