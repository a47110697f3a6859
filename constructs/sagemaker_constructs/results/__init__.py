"""Polls training jobs until they end, and turns how they ended into outputs or a failure report.

Input: the jobs to wait for, and the answers of DescribeTrainingJob and Search. Output: progress lines, result outputs,
or the text of a failure.
"""
