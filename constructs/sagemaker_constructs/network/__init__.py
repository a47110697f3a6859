"""The network that training jobs run in.

What is `asked` for is judged before anything is made; `addresses`, `endpoints`, `file_systems` and `machines` plan it.
What is given from outside is found by `lookups` and judged by `fitness`. `construct` makes the rest of `resources`,
`security_groups` and `flow_logs`. All but `construct`, `lookups` and the three that make resources are pure.
"""
