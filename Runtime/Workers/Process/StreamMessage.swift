import WireProtocol

/// What crosses between the two loops of an invocation that is passed on part by part.
enum StreamMessage: Sendable {
    /// To the link: a part of the request's body.
    case send([UInt8], isEnd: Bool)
    /// To the link: so much of the reply was passed on.
    case consumed(Int)
    /// To the sink: so much of the request's body may come.
    case wanted(Int)
    /// To the sink: the reply begins.
    case began(Reply, length: Int?, WorkerStamp)
    /// To the sink: a part of the reply.
    case part([UInt8])
    /// To the sink: the reply is whole.
    case ended

    /// Whether it goes to the sink.
    var isAnswer: Bool {
        switch self {
        case .send, .consumed: false
        case .wanted, .began, .part, .ended: true
        }
    }

    /// Does it; on the loop that it goes to.
    func perform(_ stream: InvocationStream) {
        let sink = stream.pending.sink
        switch self {
        case .send(let bytes, let isEnd): bytes.withUnsafeBytes { stream.link.pass($0, isEnd: isEnd, stream) }
        case .consumed(let count): stream.link.release(count, stream)
        case .wanted(let count): sink.bodyWanted(count, by: stream)
        case .began(let head, let length, let stamp): sink.began(head, length: length, stream, from: stamp)
        case .part(let bytes): bytes.withUnsafeBytes { sink.part($0) }
        case .ended: sink.ended()
        }
    }
}
