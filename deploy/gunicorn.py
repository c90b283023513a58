"""How gunicorn serves the pages: behind nginx, which alone may say who the client is."""

bind = "127.0.0.1:8000"
workers = 3
threads = 4
worker_class = "gthread"
timeout = 30
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
forwarded_allow_ips = "127.0.0.1"
limit_request_line = 4094
limit_request_fields = 60
