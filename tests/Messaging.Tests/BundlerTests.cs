using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

public sealed class BundlerTests
{
    readonly List<IReadOnlyList<int>> _sent = [];
    readonly List<TaskCompletionSource<IReadOnlyList<string>>> _answers = [];
    readonly TaskCompletionSource _twoSent = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_something_is_under_way_travels_together_and_each_gets_its_own_result()
    {
        var bundler = Bundler(Timeout.InfiniteTimeSpan);
        var first = bundler.Send(1);
        var others = Enumerable.Range(2, 5).Select(bundler.Send).ToList();
        Assert.Equal([[1]], _sent);

        _answers[0].SetResult(["one"]);
        Assert.Equal("one", await first.WaitAsync(Cancellation));
        await _twoSent.Task.WaitAsync(Cancellation);
        Assert.Equal([2, 3, 4, 5, 6], _sent[1]);
        _answers[1].SetResult(["2", "3", "4", "5", "6"]);
        Assert.Equal(["2", "3", "4", "5", "6"], await Task.WhenAll(others).WaitAsync(Cancellation));
    }

    [Fact]
    public async Task What_nobody_answers_holds_up_nothing_for_longer_than_a_moment()
    {
        var bundler = Bundler(TimeSpan.FromMilliseconds(1));
        var never = bundler.Send(1);
        var second = bundler.Send(2);
        await _twoSent.Task.WaitAsync(Cancellation);
        _answers[1].SetResult(["two"]);
        Assert.Equal("two", await second.WaitAsync(Cancellation));
        Assert.False(never.IsCompleted);
    }

    [Fact]
    public async Task A_failure_is_that_of_all_who_travelled_together_and_of_nobody_else()
    {
        var bundler = Bundler(Timeout.InfiniteTimeSpan);
        var first = bundler.Send(1);
        var (second, third) = (bundler.Send(2), bundler.Send(3));
        _answers[0].SetResult(["one"]);
        await _twoSent.Task.WaitAsync(Cancellation);
        _answers[1].SetException(new MessagingException("lost"));
        Assert.Equal("one", await first);
        foreach (var lost in new[] { second, third })
            Assert.Equal("lost", (await Assert.ThrowsAsync<MessagingException>(() => lost.WaitAsync(Cancellation))).Message);
    }

    [Theory]
    [InlineData(100, 64)]
    [InlineData(100_000, 2)]
    [InlineData(1_000_000, 1)]
    public async Task Neither_many_nor_large_ones_make_a_message_too_large(int bytes, int together)
    {
        var bundler = Bundler(Timeout.InfiniteTimeSpan, bytes);
        _ = bundler.Send(0);
        for (var i = 1; i <= 100; i++)
            _ = bundler.Send(i);
        _answers[0].SetResult(["0"]);
        await _twoSent.Task.WaitAsync(Cancellation);
        Assert.Equal(Enumerable.Range(1, together), _sent[1]);
    }

    Bundler<int, string> Bundler(TimeSpan patience, int bytes = 1) => new(
        messages =>
        {
            _sent.Add(messages);
            _answers.Add(new TaskCompletionSource<IReadOnlyList<string>>());
            if (_sent.Count == 2)
                _twoSent.SetResult();
            return _answers[_sent.Count - 1].Task;
        },
        _ => bytes,
        patience,
        TimeProvider.System);
}
