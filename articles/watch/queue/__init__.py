"""What runs when: the tasks of the queue (django-q2), its schedules, and who is due.

Comes in: the minute's schedule, the start of a worker, and what the admin or a command wants done soon. Goes
out: calls of the rooms below, each within the 60 seconds that a task may take. The queue is a hint: what is
due stands in the database, so a task that is lost costs nothing but time.

Read ``visits`` first (a worker's round from host to host), then ``frontier`` (which host is next) and
``dispatch`` (what is queued each minute). Beside them:

    clock_set_back  mending the stored times after the computer's clock was set back
    enqueue         the one place where tasks are put in the queue
    upkeep          what is done once a day
    names           by which names the queue calls the tasks
    periodic_tasks  the timetable of the tasks that are called every few minutes, or each night
    tasks           what the queue calls

When an article is checked next is decided in ``articles.watch.check.next_check``.
"""
