extension EventStream {
    /// Runs the stream outside a worker and answers its events as a client reads them; comments are left out. With
    /// `limit`, the stream is cancelled once it has written so many parts, an event or a comment each.
    public func events(limit: Int = .max) async throws -> [ServerSentEvent] {
        try await parts(limit: limit).compactMap { part in
            var event = ServerSentEvent("")
            var data: [Substring] = []
            for line in String(decoding: part, as: UTF8.self).split(separator: "\n") where line.first != ":" {
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                let value = line[colon...].dropFirst(2)
                switch line[..<colon] {
                case "event": event.event = String(value)
                case "id": event.id = String(value)
                case "retry": event.retry = Int64(value).map { .milliseconds($0) }
                default: data.append(value)
                }
            }
            event.data = data.joined(separator: "\n")
            return data.isEmpty ? nil : event
        }
    }
}
