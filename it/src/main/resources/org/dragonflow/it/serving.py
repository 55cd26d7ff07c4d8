# Serves an application on the loopback address, one request at a time, and says nothing of it.
from wsgiref import simple_server


class Quiet(simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Patient(simple_server.WSGIServer):
    # Else who asks while it is at work with others may be turned away.
    request_queue_size = 128


def serve(application, port):
    simple_server.make_server("127.0.0.1", int(port), application, Patient, Quiet).serve_forever()
