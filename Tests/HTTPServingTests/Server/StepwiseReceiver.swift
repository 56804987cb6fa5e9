import NIOCore
import WireProtocol

/// Takes a streamed body one part at a time: each is asked for once the one before it was told. Answers with its length.
final class StepwiseReceiver: RequestReceiver, @unchecked Sendable {
    // Unchecked: used on the connection's loop only.
    private let handler: FixtureHandler
    private let responder: any Responder
    private let loop: (any EventLoop)?
    private var size = 0
    private var isTaking = false

    /// Without a loop nothing is ever asked for.
    init(_ handler: FixtureHandler, _ responder: any Responder, _ loop: (any EventLoop)?) {
        self.handler = handler
        self.responder = responder
        self.loop = loop
        ask()
    }

    private func ask() {
        loop?.execute {
            self.isTaking = true
            self.responder.readBody()
        }
    }

    func bodyPart(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if !isTaking { handler.tell(.part(-bytes.count)) }
        isTaking = false
        size += bytes.count
        handler.tell(.part(bytes.count))
        ask()
        return false
    }

    func bodyEnded() { responder.respond(.text("\(size)")) }

    func gathered(_ body: [UInt8]) { handler.tell(.gathered(body.count)) }

    func failed(_ failure: ParseFailure) {
        handler.tell(.failed(failure))
        responder.respond(.text(failure.rawValue, status: failure.status))
    }

    func clientGone() { handler.tell(.gone) }
}
