#!/bin/sh
# Shows all that a topic holds, a line a record: the key, the headers and the value, NULL for a tombstone.
#
#     peek.sh BOOTSTRAP_SERVERS TOPIC        (needs kcat)
set -eu
exec kcat -C -b "$1" -t "$2" -o beginning -e -q -Z -f '%k\t%h\t%s\n'
