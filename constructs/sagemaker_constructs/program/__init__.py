"""Runs in the user's Pulumi program only: reads arguments and stack settings, and waits for jobs.

Input: what a program passes to the constructs. Output: properties of resources, and messages in their rows. The
provider process never imports this package.
"""
