"""Kills commands and answers wrongly, beside a second backend of the same names, and counts the jobs.

__main__    runs the rounds, prints a line for each trial and a table
kills       rounds in which a command is killed
answers     rounds in which calls get every kind of wrong answer
case        one trial: its jobs, and what became of them
account     a local AWS behind a faulty proxy, and two people who share it
clone       one of these people: a checkout with a backend of its own
"""
