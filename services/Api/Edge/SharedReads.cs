using Holoflow.Api.Access;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Edge;

/// <summary>
/// Those who ask the same while it is being read share the next answer: it is begun after all of them have asked, so that nobody is told
/// anything older than what they would have read by themselves. A thousand pages that an event sends to the same list cost a few reads.
/// </summary>
sealed class SharedReads
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Turns> _turns = new(StringComparer.Ordinal);

    /// <summary>Answers a request that changes nothing and whose answer depends on its path, its query and the scope of its token alone.</summary>
    public async Task Answer(HttpContext http, RequestDelegate read)
    {
        var key = string.Concat(Door.GrantOf(http)?.Scope.ToString(), http.Request.Path.Value, http.Request.QueryString.Value);
        var (turns, turn, before, reads) = Join(key);
        RecordedAnswer? answer = null;
        if (before is not null)
            _ = await before;
        if (reads)
        {
            var record = new AnswerRecord();
            http.Features.Set(record);
            try
            {
                await read(http);
                answer = record.Answer;
            }
            finally
            {
                http.Features.Set<AnswerRecord>(null);
                Leave(key, turns);
                turn.SetResult(answer);
            }

            // An answer that was no JSON is written already.
            if (answer is not null)
                await Answers.Recorded(http, answer);
        }
        else if (await turn.Task is { } shared)
        {
            await Answers.Recorded(http, shared);
        }
        else
        {
            // Who read for all of them failed, or left: that is not the others' fault.
            await read(http);
        }
    }

    /// <summary>The turn whose answer counts for one who asks now, what must end before it begins, and whether it is theirs to read.</summary>
    (Turns Turns, TaskCompletionSource<RecordedAnswer?> Turn, Task<RecordedAnswer?>? Before, bool Reads) Join(string key)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(key, out var turns))
            {
                _turns[key] = turns = new Turns(NewTurn());
                return (turns, turns.Now, null, true);
            }

            if (turns.Next is { } next)
                return (turns, next, null, false);
            return (turns, turns.Next = NewTurn(), turns.Now.Task, true);
        }
    }

    void Leave(string key, Turns turns)
    {
        lock (_lock)
        {
            if (turns.Next is { } next)
                (turns.Now, turns.Next) = (next, null);
            else
                _ = _turns.Remove(key);
        }
    }

    static TaskCompletionSource<RecordedAnswer?> NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer that is being read, and the one that those who came since wait for.</summary>
    sealed class Turns(TaskCompletionSource<RecordedAnswer?> now)
    {
        public TaskCompletionSource<RecordedAnswer?> Now { get; set; } = now;

        public TaskCompletionSource<RecordedAnswer?>? Next { get; set; }
    }
}

/// <summary>Takes the answer of a request in place of its connection.</summary>
sealed class AnswerRecord
{
    public RecordedAnswer? Answer { get; set; }
}
