"""Between the network and the pages: who may ask how much, what is sent, what goes wrong."""
