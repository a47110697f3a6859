"""The network that training jobs run in.

Planned by `addresses` and `endpoints`, judged by `fitness` where `lookups` finds one from outside, and made by
`construct`, `resources` and `flow_logs`. `addresses`, `endpoints` and `fitness` are pure.
"""
