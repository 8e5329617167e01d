using Holoflow.Contracts;
using Holoflow.Messaging.InProcess;

namespace Holoflow.Messaging.Tests;

public sealed class InProcessBusTests : MessageBusCompliance
{
    readonly InProcessBus _bus = new();

    protected override IMessageBus ServiceSide => _bus;

    protected override IMessageBus AgentSide => _bus;

    protected override ValueTask<IMessageBus> AnotherAgent() => ValueTask.FromResult<IMessageBus>(_bus);

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_request_that_nobody_answers_times_out_by_name()
    {
        var bus = new InProcessBus(requestTimeout: TimeSpan.FromMilliseconds(20));
        var error = await Assert.ThrowsAsync<TimeoutException>(async () => await bus.Request(new SweepRuns(), Cancellation));
        Assert.Contains("sweep-runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_that_nobody_is_ready_for_is_void()
    {
        var ready = false;
        var taken = new TaskCompletionSource<Guid>();
        await using var subscription = _bus.Subscribe<RunOffered>(new Subscription("#", "q") { Ready = () => ready }, (offer, _) =>
        {
            taken.TrySetResult(offer.OfferId);
            return ValueTask.CompletedTask;
        });
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await _bus.Publish(new RunOffered(first, Guid.Empty, "q", [], DateTimeOffset.MaxValue), Cancellation);
        ready = true;
        await _bus.Publish(new RunOffered(second, Guid.Empty, "q", [], DateTimeOffset.MaxValue), Cancellation);
        Assert.Equal(second, await taken.Task.WaitAsync(Cancellation));
    }
}
