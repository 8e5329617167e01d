using Holoflow.Contracts;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore;

/// <summary>
/// Remembers commands that nothing but their id tells from new ones, in the transaction that carries them out: a message that is delivered again, after
/// a crash between the commit and its acknowledgement or by a sender that repeats it, undoes nothing that was asked for since.
/// </summary>
static class Inbox
{
    /// <summary>Longer than any message of the broker lives.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    const string Take = "INSERT INTO inbox (id, version, at) VALUES ($1, 0, $2) ON CONFLICT (id) DO NOTHING";
    const string Answer = "UPDATE inbox SET answered_id = $2, version = $3 WHERE id = $1";
    const string Answered = "SELECT answered_id, version FROM inbox WHERE id = $1";
    const string Return = "DELETE FROM inbox WHERE id = $1";
    const string Clear = "DELETE FROM inbox WHERE at < $1";

    /// <summary>Carries a command out, unless it was already. One that changed nothing is not remembered: it may be asked again.</summary>
    public static CommandAnswered Once(WriteSession session, IOnce command, DateTimeOffset now, Func<CommandAnswered> carryOut)
    {
        // One of a version that gave its commands no ids.
        if (command.CommandId == Guid.Empty)
            return carryOut();
        // The row is locked from here on: the same command in another process waits for this one.
        if (session.Execute(Take, command.CommandId, now) == 0)
            return Repeated(session, command.CommandId);
        var answer = carryOut();
        if (answer.Outcome == CommandOutcome.Accepted)
            session.Post(Answer, command.CommandId, answer.Id, answer.Version);
        else
            session.Post(Return, command.CommandId);
        return answer;
    }

    public static void Forget(WriteSession session, DateTimeOffset now) => session.Post(Clear, now - Memory);

    static CommandAnswered Repeated(WriteSession session, Guid id)
    {
        using var rows = session.Query(Answered, id);
        return rows.Next() ? new CommandAnswered(CommandOutcome.Ignored, "it was carried out already", rows.IdOrNull(0), rows.Long(1)) : new CommandAnswered(CommandOutcome.Ignored, "it was carried out already");
    }
}
