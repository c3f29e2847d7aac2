"""How they get help: articles, tickets, chat."""
