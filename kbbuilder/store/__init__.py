"""The only SQL of the project: tables, connections, migrations, repositories and the search index."""
