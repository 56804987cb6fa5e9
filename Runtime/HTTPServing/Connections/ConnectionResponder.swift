import WireProtocol

/// The responder of one request.
///
/// It lets go of its connection when the response is whole or the connection gone; a call after that does nothing,
/// so a late answer cannot reach the next request. The connection uses one again only where nobody else holds it.
final class ConnectionResponder: Responder, @unchecked Sendable {
    // Unchecked: read and written on the connection's event loop only, as `Responder` demands.
    var connection: ConnectionHandler?

    init() {}

    func respond(_ response: OutgoingResponse) { connection?.respond(response) }

    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {
        connection?.begin(status, headers, contentLength: contentLength)
    }

    func write(_ bytes: [UInt8]) -> Bool { connection?.write(bytes) ?? true }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool { connection?.write(bytes) ?? true }

    func readBody() { connection?.readBody() }

    func finish() { connection?.finish() }

    func abort() { connection?.abort() }

    func whenWritable(_ callback: @escaping @Sendable () -> Void) { connection?.whenWritable(callback) }
}
