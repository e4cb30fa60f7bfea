"""The system administrator's page of work that got stuck. It stands here and not in the workbench because
it speaks of jobs, messages and files at once, which only the server may."""
