import Testing

@testable import WireProtocol

/// Two ends of a link that open, answer, cancel, read and write at random; checks that bodies arrive whole.
final class LinkSimulation {
    private var generator: SplitMix
    private var gateway: Link
    private var worker: Link
    private var toWorker = FrameBuffer()
    private var toGateway = FrameBuffer()
    private var workerParser = FrameParser()
    private var gatewayParser = FrameParser()
    private var sent: [StreamID: [UInt8]] = [:]
    private var requests: [StreamID: IncomingBody] = [:]
    private var replies: [StreamID: IncomingBody] = [:]
    private var ready: [StreamID] = []
    private(set) var answered = 0
    /// How many parts of bodies lay in shared memory.
    private(set) var shared = 0
    private let toWorkerMemory = UnsafeMutableRawBufferPointer.allocate(byteCount: 80 * 1024, alignment: 16)
    private let toGatewayMemory = UnsafeMutableRawBufferPointer.allocate(byteCount: 80 * 1024, alignment: 16)

    init(seed: UInt64, sharesMemory: Bool) throws {
        generator = SplitMix(seed: seed)
        let settings = LinkSettings(concurrency: 12, streamWindow: 32 * 1024, linkWindow: 80 * 1024)
        gateway = Link(role: .gateway, settings: settings)
        worker = Link(role: .worker, settings: settings)
        worker.isGreeted = true
        gateway.isGreeted = true
        gateway.isReady = true
        guard sharesMemory else { return }
        gateway.share(toWorkerMemory)
        worker.share(toGatewayMemory)
    }

    deinit {
        toWorkerMemory.deallocate()
        toGatewayMemory.deallocate()
    }

    /// What a frame stands for, where its bytes lie in `memory`.
    private func resolve(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ memory: UnsafeMutableRawBufferPointer
    ) throws -> (header: FrameHeader, payload: UnsafeRawBufferPointer) {
        guard header.type == .sharedData else { return (header, payload) }
        shared += 1
        return try SharedDataFrame(payload: payload).data(header, in: UnsafeRawBufferPointer(memory))
    }

    func run(steps: Int) throws {
        for _ in 0..<steps {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0, 1: open()
            case 2: answer()
            case 3:
                let oldest = sent.keys.min { $0.rawValue < $1.rawValue }
                if let oldest, Bool.random(using: &generator) { cancel(oldest) }
            case 4, 5: try readAtWorker(Int.random(in: 1...40_000, using: &generator))
            default: try readAtGateway(Int.random(in: 1...40_000, using: &generator))
            }
            gateway.writeData(into: &toWorker, limit: 50_000)
            worker.writeData(into: &toGateway, limit: 50_000)
        }
        try settle()
    }

    /// Answers everything and checks that nothing is left.
    private func settle() throws {
        for _ in 0..<1_000 {
            try readAtWorker(.max)
            while !ready.isEmpty { answer() }
            worker.writeData(into: &toGateway)
            try readAtGateway(.max)
            gateway.writeData(into: &toWorker)
            if toWorker.isEmpty, toGateway.isEmpty, gateway.openStreams == 0 { break }
        }
        #expect(sent.isEmpty)
        #expect(gateway.openStreams == 0 && worker.openStreams == 0)
        #expect(!gateway.hasDataToSend && !worker.hasDataToSend)
    }

    private func open() {
        let long = Bool.random(using: &generator)
        let count = Int.random(in: 0...(long ? 120_000 : 2_000), using: &generator)
        var invocation = FrameSample.bare
        let first = UInt8.random(in: 0...255, using: &generator)
        invocation.body = [UInt8](repeating: first, count: count)
        for place in stride(from: 0, to: count, by: 997) {
            invocation.body[place] = UInt8(truncatingIfNeeded: place / 997)
        }
        guard let stream = gateway.open(invocation, into: &toWorker) else { return }
        sent[stream] = invocation.body
    }

    private func cancel(_ stream: StreamID) {
        gateway.cancel(stream, .clientGone, into: &toWorker)
        sent[stream] = nil
        replies[stream] = nil
    }

    /// The worker gives back what it was sent.
    private func answer() {
        guard !ready.isEmpty else { return }
        let stream = ready.remove(at: Int.random(in: 0..<ready.count, using: &generator))
        var request = requests.removeValue(forKey: stream)
        let body = request?.take() ?? []
        let isWritten = worker.answer(stream, Reply(body: body), into: &toGateway)
        #expect(isWritten)
    }

    private func readAtWorker(_ most: Int) throws {
        let bytes = Array(toWorker.bytes.prefix(most))
        toWorker.consume(bytes.count)
        try bytes.withUnsafeBytes { bytes in
            try workerParser.feed(bytes) { header, payload in
                let (header, payload) = try resolve(header, payload, toWorkerMemory)
                let verdict = try worker.receive(header, payload, into: &toGateway)
                guard verdict == .deliver else { return }
                let stream = header.stream
                switch header.type {
                case .request:
                    let request = try RequestFrame(payload: payload, isEnd: header.isEnd)
                    var body = IncomingBody(stream: stream, announced: nil, limit: .max)
                    if request.body == .whole {
                        _ = try request.invocation.body.withUnsafeBytes { try body.append($0, isEnd: true) }
                        ready.append(stream)
                    }
                    requests[stream] = body
                case .data:
                    if try requests[stream]?.append(payload, isEnd: header.isEnd) == true {
                        ready.append(stream)
                    }
                    worker.consumed(payload.count, of: stream, into: &toGateway)
                case .cancel:
                    if requests[stream] != nil, !ready.contains(stream) { ready.append(stream) }
                default: break
                }
            }
        }
    }

    private func readAtGateway(_ most: Int) throws {
        let bytes = Array(toGateway.bytes.prefix(most))
        toGateway.consume(bytes.count)
        try bytes.withUnsafeBytes { bytes in
            try gatewayParser.feed(bytes) { header, payload in
                let (header, payload) = try resolve(header, payload, toGatewayMemory)
                let verdict = try gateway.receive(header, payload, into: &toWorker)
                guard verdict == .deliver else { return }
                let stream = header.stream
                switch header.type {
                case .response:
                    let response = try ResponseFrame(payload: payload, isEnd: header.isEnd)
                    switch response.body {
                    case .whole: finish(stream, response.reply.body)
                    case .follows(let length):
                        replies[stream] = IncomingBody(stream: stream, announced: length, limit: .max)
                    }
                case .data:
                    let whole = try replies[stream]?.append(payload, isEnd: header.isEnd) ?? false
                    gateway.consumed(payload.count, of: stream, into: &toWorker)
                    if whole {
                        var reply = replies.removeValue(forKey: stream)
                        finish(stream, reply?.take() ?? [])
                    }
                default: break
                }
            }
        }
    }

    private func finish(_ stream: StreamID, _ body: [UInt8]) {
        let expected = sent.removeValue(forKey: stream)
        #expect(expected == body)
        answered += 1
    }
}
