"""The servers beside which Swiftlet is measured, with their request logs off."""
import json
import os

import packages
import processes

NGINX, NIO, NODE, EXPRESS, UVICORN, NGINX_PHP, NGINX_NODE = (
    "nginx return 200", "NIO HTTP pipeline, in process", "Node http, in process", "Express, in process",
    "uvicorn, in process", "nginx, php-fpm", "nginx, Node upstream")


def those(*makers):
    """The servers that these start; one that cannot be had here is named and left out."""
    servers = []
    for maker in makers:
        try:
            servers.append(maker())
        except packages.Missing as missing:
            left_out(missing)
    return servers


said = set()


def left_out(missing):
    """Says once, in the report, what is not measured and why."""
    if str(missing) not in said:
        said.add(str(missing))
        print(f"\nLeft out: {missing}.", flush=True)


def start_nginx(server, location, upstream=""):
    """nginx in front of what the server has started, or alone."""
    folder = server.folder
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w") as conf:
        conf.write(f"""
            worker_processes 1; worker_rlimit_nofile {open_files()}; daemon off; pid {folder}/pid;
            error_log {folder}/nginx.log;
            events {{ worker_connections 16384; }}
            http {{
                access_log off; keepalive_requests 1000000000; client_max_body_size 0;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
                uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                {upstream}
                server {{ listen 127.0.0.1:{server.port} backlog=4096; {location} }}
            }}""")
    server.start([packages.nginx(), "-p", folder, "-c", path])


def open_files():
    import resource
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def nginx():
    server = processes.Server(NGINX)
    start_nginx(server, """location / { default_type application/json; return 200 '{"message":"hello"}'; }""")
    return server


def nio():
    server = processes.Server(NIO)
    server.start([processes.executable("NIOServer"), str(server.port)])
    return server


def front(size):
    """Our own front door, answering in process."""
    server = processes.Server("the same front, in process")
    server.start([processes.executable("FrontInProcess"), str(server.port), str(size)])
    return server


def write_document(server, users):
    path = os.path.join(server.folder, "document.json")
    with open(path, "w") as out:
        json.dump({"users": users}, out)
    return path


def node(path="/hello", users=()):
    server = processes.Server(NODE, path)
    server.start([packages.node(), os.path.join(processes.PEERS, "node.js"), str(server.port),
                  write_document(server, users)])
    return server


def express(path="/hello", users=()):
    environment = packages.node_environment("express")
    server = processes.Server(EXPRESS, path)
    server.start([packages.node(), os.path.join(processes.PEERS, "express.js"), str(server.port),
                  write_document(server, users)], environment=environment)
    return server


def uvicorn(path="/hello", users=()):
    program = packages.python()
    server = processes.Server(UVICORN, path)
    server.start(
        [program, "-m", "uvicorn", "--app-dir", processes.PEERS, "app:app", "--port", str(server.port), "--loop",
         "uvloop", "--http", "httptools", "--interface", "asgi3", "--lifespan", "off", "--no-access-log",
         "--log-level", "warning"],
        environment={"BENCH_DOCUMENT": write_document(server, users), "PYTHONDONTWRITEBYTECODE": "1"})
    return server


def nginx_node(path="/hello", users=(), program="node.js", name=NGINX_NODE):
    """nginx with connections kept to one Node behind it, on a Unix socket."""
    server = processes.Server(name, path)
    behind = os.path.join(server.folder, "node.sock")
    server.start([packages.node(), os.path.join(processes.PEERS, program), behind, write_document(server, users)],
                 listens=behind)
    start_nginx(
        server,
        """location / {
            proxy_pass http://node; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_request_buffering off; proxy_max_temp_file_size 0; }""",
        f"upstream node {{ server unix:{behind}; keepalive 128; }}")
    return server


def nginx_php(path="/hello", users=()):
    """nginx and a static pool of eight php-fpm processes with OPcache, on a Unix socket.

    A connection a request, as it comes: one that is kept holds its process, and others starve.
    """
    program = packages.php_fpm()
    server = processes.Server(NGINX_PHP, path)
    folder, behind = server.folder, os.path.join(server.folder, "php.sock")
    with open(os.path.join(processes.PEERS, "index.php")) as source, open(f"{folder}/index.php", "w") as out:
        out.write(source.read())
    literal = "".join(
        "[" + ", ".join(f"'{key}' => {json.dumps(value)}" for key, value in user.items()) + "],\n" for user in users)
    with open(os.path.join(folder, "users.php"), "w") as out:
        out.write(f"<?php return ['users' => [\n{literal}]];\n")
    whose = "user = nobody\ngroup = nogroup\n" if os.geteuid() == 0 else ""
    with open(os.path.join(folder, "fpm.conf"), "w") as conf:
        conf.write(
            f"[global]\nerror_log = {folder}/fpm.log\ndaemonize = no\n[bench]\n{whose}listen = {behind}\n"
            "listen.mode = 0666\nlisten.backlog = 4096\npm = static\npm.max_children = 8\npm.max_requests = 0\n")
    server.start([program, "-F", "-n", "-d", "zend_extension=opcache", "-d", "opcache.enable=1", "-y",
                  os.path.join(folder, "fpm.conf")], listens=behind)
    start_nginx(
        server,
        f"""location / {{
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME {folder}/index.php;
            fastcgi_pass unix:{behind}; }}""")
    return server
