#!/bin/bash
# Runs a real WordPress on a free port of this machine, for peer_test.go.
#
#   testdata/wordpress.sh FOLDER
#
# All it makes lies in FOLDER, which must be empty. Once the site answers it
# prints one line, "ready URL USER PASSWORD" (an application password, its
# spaces left out), and then runs until its input closes: whoever started it
# cannot forget to stop it. Several can run side by side.
#
# Exit codes: 0 stopped as asked, 2 wrong use, 3 a program is missing (the
# last line on stderr says what to install), 1 anything else.
#
# It uses the programs of Debian's packages but none of their services, sites
# or databases.
set -eu

[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
wanted="wordpress php-cli php-mysql php-curl php-xml php-mbstring php-gd mariadb-server"
source_of_wordpress=/usr/share/wordpress
PATH=$PATH:/usr/sbin:/sbin
for program in php mariadbd mariadb-install-db mariadb; do
  command -v "$program" >/dev/null || { echo "missing $program; install: $wanted" >&2; exit 3; }
done
[ -f "$source_of_wordpress/wp-load.php" ] || { echo "missing wordpress; install: $wanted" >&2; exit 3; }

cd "$1"
folder=$(pwd -P)
me=$(id -un)
children=()
stop() {
  trap - EXIT
  for pid in "${children[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  for pid in "${children[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
trap 'exit 0' INT TERM HUP
set -m # each child leads a group of its own, so that its workers end with it

# ask COMMAND…: tries for half a minute.
ask() {
  for _ in $(seq 150); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
  echo "gave up on: $*" >&2
  return 1
}

# The database: reached by its socket alone, and in no hurry to be durable.
mkdir data
mariadb-install-db --no-defaults --user="$me" --datadir="$folder/data" \
  --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1
mariadbd --no-defaults --user="$me" --datadir="$folder/data" --socket="$folder/sql" --pid-file="$folder/sql.pid" \
  --skip-networking --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M \
  </dev/null >sql.log 2>&1 &
children+=($!)
sql() { mariadb --no-defaults --socket="$folder/sql" --user=root "$@"; }
ask sql --execute="SELECT 1"
sql --execute="CREATE DATABASE site CHARACTER SET utf8mb4"

# The site: a copy, since WordPress finds its settings beside its own files.
# It calls itself what the request calls it, so that a proxy can stand before.
mkdir site
cp -RL "$source_of_wordpress/." site 2>/dev/null || true # some links lead nowhere
rm -f site/wp-config.php
cat >site/wp-config.php <<END
<?php
\$here = 'http://' . (\$_SERVER['HTTP_HOST'] ?? '127.0.0.1');
define('WP_HOME', \$here);
define('WP_SITEURL', \$here);
define('DB_HOST', 'localhost:$folder/sql');
define('DB_NAME', 'site');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('WP_DEFAULT_THEME', 'plain'); // Debian packs the themes apart
\$table_prefix = 'p_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require ABSPATH . 'wp-settings.php';
END
mkdir -p site/wp-content/themes/plain
cat >site/wp-content/themes/plain/style.css <<'END'
/* Theme Name: plain */
END
cat >site/wp-content/themes/plain/functions.php <<'END'
<?php add_theme_support('post-thumbnails');
END
cat >site/wp-content/themes/plain/index.php <<'END'
<!doctype html><meta charset="utf-8"><?php wp_head(); while (have_posts()) { the_post(); ?>
<article><h1><?php the_title(); ?></h1><?php the_post_thumbnail(); the_content(); ?></article>
<?php } wp_footer();
END
cat >front.php <<'END'
<?php // Sends what is no file to WordPress, as a web server's rewriting does.
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?? '/');
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) return false;
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
chdir($_SERVER['DOCUMENT_ROOT']);
require './index.php';
END
password=$(cd site && HTTP_HOST=127.0.0.1 php -d display_errors=stderr -r '
  $_SERVER["HTTP_HOST"] = "127.0.0.1"; $_SERVER["SERVER_PROTOCOL"] = "HTTP/1.1"; $_SERVER["REQUEST_METHOD"] = "GET";
  define("WP_INSTALLING", true);
  require "./wp-load.php";
  require "./wp-admin/includes/upgrade.php";
  function wp_new_blog_notification(...$ignored) {} // it would send a mail
  $made = wp_install("Caisse de la Rivière", "editrice", "editrice@caisse.example", true, "", bin2hex(random_bytes(16)));
  update_option("permalink_structure", "/%postname%/");
  update_option("rewrite_rules", "");
  echo WP_Application_Passwords::create_new_application_password($made["user_id"], ["name" => "veilleur"])[0];
' 2>php-install.log)
[ -n "$password" ] || { tail -5 php-install.log >&2; exit 1; }

port=$(php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo substr(strrchr(stream_socket_get_name($s, false), ":"), 1);')
PHP_CLI_SERVER_WORKERS=4 php -S "127.0.0.1:$port" -t "$folder/site" "$folder/front.php" </dev/null >web.log 2>&1 &
children+=($!)
ask php -r "exit(@file_get_contents('http://127.0.0.1:$port/wp-json/') === false ? 1 : 0);"

echo "ready http://127.0.0.1:$port editrice $password"
while read -r _; do :; done # until the input closes; unlike cat, it hears signals
