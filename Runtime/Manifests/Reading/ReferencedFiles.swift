/// The files that a manifest names, relative to its folder.
struct ReferencedFiles {
    let directory: String
    let read: (String) throws -> [UInt8]

    /// A file's text without one line end at its end.
    func text(_ path: String) throws(TextProblem) -> String {
        var bytes = try bytes(path)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TextProblem(
                "names the file `\(path)`, which is not valid UTF-8", fix: "save that file as UTF-8")
        }
        return text
    }

    func absolute(_ path: String) -> String { PathText.resolved(path, in: directory) }

    private func bytes(_ path: String) throws(TextProblem) -> [UInt8] {
        do {
            return try read(absolute(path))
        } catch let failure as FileReadError {
            let fix =
                switch failure {
                case .notFound: "create `\(path)`, or mend the path; it is relative to the manifest's folder"
                case .notAFile: "name a file"
                case .tooLarge: "name a smaller file"
                case .system: "let the user who runs this read it"
                }
            throw TextProblem("names the file `\(path)`, which \(failure)", fix: fix)
        } catch {
            throw TextProblem(
                "names the file `\(path)`, which cannot be read: \(error)", fix: "name a file to read")
        }
    }
}
