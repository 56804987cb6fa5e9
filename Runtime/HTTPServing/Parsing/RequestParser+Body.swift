import WireProtocol

extension RequestParser {
    /// Checks what only the whole head can tell, and decides how the body is framed (RFC 9112, section 6.3).
    mutating func finishHead() -> Event {
        guard seen.hasHost || head.isVersion10 else { return fail(.host) }
        guard !(seen.hasChunked && seen.contentLength != nil) else { return fail(.framing) }
        head.headers = HeaderList(trusted: packed, count: counts.kept)
        packed = []
        if let authority = seen.authority, seen.hasHost {
            let isSame = authority.withUnsafeBytes { authority in
                head.headers.withFirst("host") { $0.equalsIgnoringCase(authority) } ?? false
            }
            guard isSame else { return fail(.host) }
        }
        if !seen.nominated.isEmpty { dropNominated() }
        head.keepsAlive = head.isVersion10 ? seen.keepAlive && !seen.close : !seen.close
        if seen.hasChunked {
            head.contentLength = nil
            state = .chunkSize
        } else if let length = seen.contentLength, length > 0 {
            head.contentLength = length
            state = .fixedBody(left: length)
        } else {
            head.expectsContinue = false
            state = .ended
        }
        return .head(head)
    }

    private mutating func dropNominated() {
        let nominated = seen.nominated.filter { name in !rules.kept.contains { $0.utf8.elementsEqual(name) } }
        guard nominated.contains(where: { head.headers.contains($0) }) else { return }
        var rest = HeaderList()
        head.headers.forEach { name, value in
            if !nominated.contains(where: { $0.elementsEqual(name) }) {
                rest.append(name: name, value: value)
            }
        }
        head.headers = rest
    }

    /// Takes a chunk's size, its extensions and the line end (RFC 9112, section 7.1).
    mutating func takeChunkSize(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event? {
        switch line(bytes, at: offset, limit: rules.chunkLineBytes) {
        case .partial: return .needMore
        case .bare, .tooLong: return fail(.chunk)
        case .whole(let range, let next):
            guard let size = chunkSize(bytes.part(range)) else { return fail(.chunk) }
            offset = next
            state = size == 0 ? .trailers : .chunkData(left: size)
            return nil
        }
    }

    private mutating func chunkSize(_ line: UnsafeRawBufferPointer) -> Int? {
        var size = 0
        var index = 0
        while index < line.count, let digit = line[index].hexadecimal {
            guard index < 16, size <= Int.max >> 4 else { return nil }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > 0 else { return nil }
        if index == line.count { return size }
        counts.extensionBytes += line.count - index
        guard counts.extensionBytes <= rules.extensionBytes else { return nil }
        return ChunkExtensions.areValid(line.part(index..<line.count)) ? size : nil
    }

    /// Takes the line end behind a chunk's data.
    mutating func takeChunkDataEnd(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event? {
        guard offset < bytes.count else { return .needMore }
        guard bytes[offset] == 0x0D else { return fail(.chunk) }
        guard offset + 1 < bytes.count else { return .needMore }
        guard bytes[offset + 1] == 0x0A else { return fail(.chunk) }
        offset += 2
        state = .chunkSize
        return nil
    }

    /// Takes the trailers to the empty line; they are checked and dropped (RFC 9110, section 6.5.1).
    mutating func takeTrailers(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event? {
        switch line(bytes, at: offset, limit: rules.trailerBytes - counts.trailerBytes) {
        case .partial: return .needMore
        case .bare, .tooLong: return fail(.chunk)
        case .whole(let range, let next):
            counts.trailerBytes += next - offset
            offset = next
            if range.isEmpty {
                state = .ended
                return nil
            }
            let field = bytes.part(range)
            var name = 0
            while name < field.count, ByteSet.token.contains(field[name]) { name += 1 }
            guard name > 0, name < field.count, field[name] == 0x3A,
                field.part((name + 1)..<field.count).isFieldText
            else { return fail(.chunk) }
            return nil
        }
    }
}
