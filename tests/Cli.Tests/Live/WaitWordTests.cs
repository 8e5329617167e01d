using Holoflow.ApiModel.FlowRuns;
using Holoflow.Cli.Live;

namespace Holoflow.Cli.Tests.Live;

public sealed class WaitWordTests
{
    readonly SteppedClock _clock = new();
    readonly Queue<Func<Task<WhyAnswer>>> _answers = new();

    [Fact]
    public void A_run_that_is_taken_soon_is_not_asked_about()
    {
        var word = Word();
        word.Take(new RunChanged(Rows.Run(RunStateType.Scheduled)));
        Assert.Null(After(word, 1.9));
        word.Take(new RunChanged(Rows.Run(RunStateType.Pending)));
        Assert.Null(After(word, 60));
    }

    [Fact]
    public void Reasons_are_told_once_and_again_when_they_change()
    {
        Answers("no agent serves the queue", "no agent serves the queue", "the queue is paused", "it is due later");
        var word = Word();
        word.Take(new RunChanged(Rows.Run(RunStateType.Scheduled)));
        Assert.Equal(
            [null, "waits: no agent serves the queue and more; or not", null, "waits: the queue is paused and more; or not", "waits: it is due later and more; or not"],
            new[] { 1.0, 2, 5, 5, 5 }.Select(seconds => After(word, seconds)));
    }

    [Fact]
    public void A_server_that_cannot_say_is_asked_again_and_no_more_once_the_run_goes_on()
    {
        _answers.Enqueue(() => Task.FromException<WhyAnswer>(new TimeoutException()));
        Answers("no agent serves the queue", "never asked for");
        var word = Word();
        word.Take(new RunChanged(Rows.Run(RunStateType.Scheduled)));
        Assert.Null(After(word, 2));
        Assert.NotNull(After(word, 5));
        word.Take(new RunChanged(Rows.Run(RunStateType.Running)));
        Assert.Null(After(word, 60));
        Assert.Single(_answers);
    }

    WaitWord Word() => new(() => _answers.Dequeue()(), _clock);

    void Answers(params string[] texts)
    {
        foreach (var text in texts)
        {
            var state = Rows.Run(RunStateType.Scheduled).State;
            _answers.Enqueue(() => Task.FromResult(new WhyAnswer(Rows.RunId, state, [new WhyReason("Kind", text + " and more", null), new WhyReason("Kind", "or not", null)])));
        }
    }

    // The first look asks, the next one tells.
    string? After(WaitWord word, double seconds)
    {
        _clock.Step(seconds);
        return word.Look() ?? word.Look();
    }

    sealed class SteppedClock : TimeProvider
    {
        long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Step(double seconds) => _now += (long)(seconds * 1000);
    }
}
