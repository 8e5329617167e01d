using System.Security.Cryptography;
using Holoflow.Api.Edge;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Writes;

/// <summary>
/// Answers of POST requests by their Idempotency-Key: a repeat gets the answer of the first, and so does one that comes while
/// the first is carried out. They are kept in memory, the oldest are forgotten first; that a run is not made twice is held by
/// the state store as well, for ever.
/// </summary>
sealed class IdempotentAnswers(int capacity = 10_000)
{
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly Queue<string> _order = new();
    readonly Lock _lock = new();

    /// <summary>Carries the request out, or answers as its first did.</summary>
    /// <param name="http">The request.</param>
    /// <param name="body">Its body: a key that comes back with another one is refused.</param>
    /// <param name="newId">Makes an id for what the request creates.</param>
    /// <param name="carryOut">Does what is asked; is given the key, and the id that is the same for all repeats.</param>
    public async Task<RecordedAnswer> Once(HttpContext http, byte[] body, Func<Guid> newId, Func<string?, Guid, Task<RecordedAnswer>> carryOut)
    {
        if (KeyOf(http.Request) is not { } key)
            return await carryOut(null, newId());
        var entry = Find($"{http.Request.Path} {key}", SHA256.HashData(body), newId);
        Task<RecordedAnswer> answering;
        lock (_lock)
            answering = entry.Answer ??= Task.Run(() => carryOut(key, entry.Id));
        try
        {
            var answer = await answering;
            if (!answer.IsFinal)
                CarryOutAgain(entry, answering);
            return answer;
        }
        catch
        {
            CarryOutAgain(entry, answering);
            throw;
        }
    }

    static string? KeyOf(HttpRequest request)
    {
        var values = request.Headers["Idempotency-Key"];
        if (values.Count == 0)
            return null;
        var key = values[0]!;
        return values.Count == 1 && key.Length is > 0 and <= 200 && key.All(c => c is >= ' ' and <= '~')
            ? key
            : throw RefusedException.BadField("Idempotency-Key", "must be given once, with 1 to 200 characters of printable ASCII");
    }

    Entry Find(string name, byte[] bodyHash, Func<Guid> newId)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(name, out var entry))
            {
                return entry.BodyHash.AsSpan().SequenceEqual(bodyHash)
                    ? entry
                    : throw RefusedException.BadField("Idempotency-Key", "was used for another request: a new request needs a new key", 422);
            }

            if (_entries.Count >= capacity)
                _ = _entries.Remove(_order.Dequeue());
            _order.Enqueue(name);
            return _entries[name] = new Entry(bodyHash, newId());
        }
    }

    void CarryOutAgain(Entry entry, Task<RecordedAnswer> answered)
    {
        lock (_lock)
        {
            if (entry.Answer == answered)
                entry.Answer = null;
        }
    }

    sealed class Entry(byte[] bodyHash, Guid id)
    {
        public byte[] BodyHash { get; } = bodyHash;

        public Guid Id { get; } = id;

        /// <summary>Null: it is to be carried out (again).</summary>
        public Task<RecordedAnswer>? Answer { get; set; }
    }
}
