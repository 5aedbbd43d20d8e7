"""The named defects of an installation: each opens a wall between its two users, or keeps them from working."""

from tests.mutant import Mutant

CONTAINERS = "tests/deploy/test_containers.py"
FRONT = "tests/deploy/test_front.py"
SHARED = "tests/store/test_shared_folders.py"
TWO_USERS = "tests/deploy/test_two_users.py"
UNITS = "tests/deploy/test_units.py"

MUTANTS_OF_DEPLOY = (
    Mutant(
        "the umask decides who reads a shared keyring",
        "store/key_files.py",
        "        os.fchmod(descriptor, 0o660)\n",
        "        pass\n",
        (SHARED, "-k", "whole_keyring"),
    ),
    Mutant(
        "a folder is shared for its bit alone",
        "store/key_files.py",
        "    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)\n",
        "    return bool(mode & stat.S_ISGID)\n",
        (SHARED, "-k", "owners_alone"),
    ),
    Mutant(
        "a keyring in a team's folder is the team's",
        "store/keyring.py",
        "        directory.mkdir(mode=0o700, parents=True, exist_ok=True)\n",
        "        make_folder(directory)\n",
        (SHARED, "-k", "not_shared_by_that"),
    ),
    Mutant(
        "who may not give a key away cannot make one",
        "store/key_files.py",
        "    if os.geteuid() != 0 and is_shared(path.parent):\n",
        "    if False:\n",
        (TWO_USERS, "-k", "either_makes"),
    ),
    Mutant(
        "the web's user reads what the bot signs with",
        "deploy/systemd/sendsecret.tmpfiles.conf",
        "d /var/lib/sendsecret/signing            0700 sendsecret-bot sendsecret-bot\n",
        "d /var/lib/sendsecret/signing            2770 sendsecret-bot sendsecret\n",
        (TWO_USERS, "-k", "reads_nothing_of"),
    ),
    Mutant(
        "anybody reads the database",
        "deploy/systemd/sendsecret.tmpfiles.conf",
        "sendsecret.db 0660",
        "sendsecret.db 0666",
        (TWO_USERS, "-k", "anybody_else"),
    ),
    Mutant(
        "SQLite's file is its maker's alone",
        "deploy/systemd/sendsecret.tmpfiles.conf",
        "f /var/lib/sendsecret/data/sendsecret.db 0660 sendsecret-bot sendsecret\n",
        "",
        (TWO_USERS, "-k", "whole_way"),
    ),
    Mutant(
        "a program is refused what it needs of the system",
        "deploy/systemd/sendsecret-web.service",
        "SystemCallFilter=~@privileged\n",
        "SystemCallFilter=~@privileged @network-io\n",
        (TWO_USERS, "-k", "whole_way"),
    ),
    Mutant(
        "a wall's name has a slip in it",
        "deploy/systemd/sendsecret-web.service",
        "ProtectSystem=strict\n",
        "ProtectSystems=strict\n",
        (UNITS, "-k", "directive"),
    ),
    Mutant(
        "the reveal server reaches everybody",
        "deploy/systemd/sendsecret-web.service",
        "IPAddressDeny=any\n",
        "",
        (UNITS, "-k", "no_way_out"),
    ),
    Mutant(
        "the reveal server is told the bot's settings",
        "deploy/systemd/sendsecret-web.service",
        "EnvironmentFile=/etc/sendsecret/web.env\n",
        "EnvironmentFile=/etc/sendsecret/bot.env\n",
        (UNITS, "-k", "setting_is_one_of_the_program and web"),
    ),
    Mutant(
        "the reveal server's container reaches Slack",
        "deploy/container/compose.yml",
        "  edge:\n    internal: true\n",
        "  edge:\n",
        (CONTAINERS, "-k", "cannot_reach_slack"),
    ),
    Mutant(
        "a token is put into a container's environment",
        "deploy/container/compose.yml",
        "      SLACK_APP_TOKEN_FILE: /run/secrets/slack_app_token\n",
        "      SLACK_APP_TOKEN: ${SLACK_APP_TOKEN}\n",
        (CONTAINERS, "-k", "setting_is_one and bot"),
    ),
    Mutant(
        "an image installs whatever is newest",
        "deploy/container/Containerfile",
        '"--require-hashes", "-r", "deploy/locks/product.txt"',
        '"-r", "deploy/locks/product.txt"',
        (CONTAINERS, "-k", "by_its_hash"),
    ),
    Mutant(
        "a visitor says which address they have",
        "deploy/front/nginx.conf",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        (FRONT, "-k", "visitors_address"),
    ),
    Mutant(
        "the front writes whole requests into its log",
        "deploy/front/nginx.conf",
        "$request_method $sendsecret_kind $status",
        "$request $status",
        (FRONT, "-k", "no_log_holds"),
    ),
    Mutant(
        "the front asks twice",
        "deploy/front/nginx.conf",
        "        proxy_next_upstream off;\n",
        "",
        (FRONT, "-k", "twice"),
    ),
    Mutant(
        "a rotated key is the rotating user's alone",
        "store/key_files.py",
        "    new.chmod(path.stat().st_mode & 0o777)\n",
        "    new.chmod(0o600)\n",
        (TWO_USERS, "-k", "rotated and pepper"),
    ),
    Mutant(
        "a program that comes by plain HTTP is sent on in silence",
        "deploy/front/nginx.conf",
        "    location /r/   { return 403; }\n",
        "",
        (FRONT, "-k", "programs_are_told"),
    ),
    Mutant(
        "old TLS is spoken",
        "deploy/front/nginx.conf",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;",
        (FRONT, "-k", "todays_tls"),
    ),
    Mutant(
        "the bot's answers may be framed",
        "bot/http_connections.py",
        '    "X-Frame-Options": "DENY",\n',
        "",
        ("tests/bot/test_http_refusals.py", "-k", "anything_else"),
    ),
)
