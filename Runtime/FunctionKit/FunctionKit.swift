// FunctionKit is what a handler imports: the `Function` protocol, what goes in, what comes out, and the worker's side
// of the wire.
//
// It knows invocations and replies (WireProtocol), the loop that everything runs on (WorkerLoop) and JSON (JSONCoding).
// It must not know the manifest, HTTP as bytes, or any service that a handler talks to. Whatever a function links
// stays without Foundation, NIO and Dispatch: a process must start within a millisecond or two.
//
// Input/ turns an invocation into a handler's `Input`; Output/ a handler's result into a reply; Worker/ is the process
// around a function; Testing/ calls a handler without one.

@_exported import WireProtocol
