using Holoflow.ApiModel.FlowRuns;
using Holoflow.Client;

namespace Holoflow.Cli.Live;

/// <summary>Finds out why a watched run waits, once it has waited for a while, and again when the reasons change.</summary>
/// <param name="ask">Asks the server for the reasons.</param>
/// <param name="clock">The clock.</param>
sealed class WaitWord(Func<Task<WhyAnswer>> ask, TimeProvider clock)
{
    /// <summary>From the first sight of a run that waits to the first question: most are taken at once.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(5);

    Task? _asking;
    long? _nextQuestion;
    string? _heard;
    string? _said;

    /// <summary>Takes in what the run does.</summary>
    public void Take(RunUpdate update)
    {
        if (update is RunChanged { Run.State.Type: RunStateType.Scheduled })
            _nextQuestion ??= clock.GetTimestamp() + Ticks(Patience);
        else if (update is RunChanged or RunEnded)
            (_nextQuestion, _heard, _said) = (null, null, null);
    }

    /// <summary>What is to be said now; null: nothing new. To be called again and again; it waits for nothing.</summary>
    public string? Look()
    {
        if (_asking is { IsCompleted: true })
        {
            _asking = null;
            if (_nextQuestion is not null && _heard is { } words && words != _said)
                return _said = words;
        }
        else if (_asking is null && _nextQuestion is { } due && clock.GetTimestamp() >= due)
        {
            _nextQuestion = clock.GetTimestamp() + Ticks(BetweenQuestions);
            _asking = Ask();
        }
        return null;
    }

    async Task Ask()
    {
        try
        {
            _heard = Words(await ask());
        }
        catch (Exception e) when (e is ApiRefusedException or ApiUnreachableException or TimeoutException or OperationCanceledException)
        {
            // A server that cannot answer now is asked again.
            _heard = null;
        }
    }

    static string? Words(WhyAnswer answer) =>
        answer.State.Type != RunStateType.Scheduled || answer.Reasons.Count == 0 ? null : $"waits: {string.Join("; ", answer.Reasons.Select(r => r.Text))}";

    long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
