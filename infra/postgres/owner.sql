-- Run once, by the superuser, in a new cluster.
\set password `cat /tmp/holoflow/owner-password`
CREATE ROLE holoflow LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE holoflow OWNER holoflow ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
