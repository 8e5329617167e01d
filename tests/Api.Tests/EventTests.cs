using System.Net;
using System.Net.Sockets;
using System.Text;
using Holoflow.Api.Events;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Events;

namespace Holoflow.Api.Tests;

/// <summary>Event streams: what changes reaches every reader; none can make the server hold more than its buffer.</summary>
public sealed class EventTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_reach_a_reader()
    {
        await using var api = await RunningApi.Start();
        await using var events = api.Client.Server.Events(Cancellation).GetAsyncEnumerator(Cancellation);
        var submitted = new List<Guid>();
        Assert.True(await Again.UntilSeen(events.MoveNextAsync().AsTask(), async () => submitted.Add(await PlayedRun.Submit(api))));
        Assert.Contains(Assert.IsType<FlowRunChanged>(events.Current).RunId, submitted);
    }

    [Fact]
    public async Task A_reader_comes_back_where_it_left_or_is_told_to_read_anew()
    {
        await using var api = await RunningApi.Start(new ApiOptions { EventBuffer = 64 });
        using var reader = await SseReader.Open(api, null);
        await Publish(api, "first");
        Assert.Contains("first", await reader.Next(), StringComparison.Ordinal);
        var last = reader.LastId!;
        await Publish(api, "while away");
        using var back = await SseReader.Open(api, last);
        while (!(await back.Next()).Contains("while away", StringComparison.Ordinal))
            continue;
        for (var i = 0; i < 100; i++)
            await Publish(api, $"many {i}");
        while (api.Host.Hub.Buffer.Newest < 102)
            await api.Host.Hub.Buffer.WaitForMore(api.Host.Hub.Buffer.Newest);
        using var late = await SseReader.Open(api, last);
        Assert.Equal("""{"kind":"reset"}""", await late.Next());
        using var foreign = await SseReader.Open(api, "another-7");
        Assert.Equal("""{"kind":"reset"}""", await foreign.Next());
    }

    [Fact]
    public async Task A_thousand_readers_get_what_changes()
    {
        await using var api = await RunningApi.Start();
        var readers = new List<SseReader>();
        try
        {
            for (var i = 0; i < 1000; i++)
                readers.Add(await SseReader.Open(api, null));
            await Publish(api, "for all");
            var got = await Task.WhenAll(readers.Select(r => r.Next()));
            Assert.All(got, e => Assert.Contains("for all", e, StringComparison.Ordinal));
        }
        finally
        {
            readers.ForEach(r => r.Dispose());
        }
    }

    [Fact]
    public async Task Too_many_streams_are_refused_and_make_room_when_they_end()
    {
        await using var api = await RunningApi.Start(new ApiOptions { MaxStreams = 2 });
        using (await SseReader.Open(api, null))
        using (await SseReader.Open(api, null))
        {
            using var third = await api.Get("/api/events");
            _ = await third.Problem(HttpStatusCode.ServiceUnavailable);
        }

        HttpStatusCode status;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
            using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            status = response.StatusCode;
        }
        while (status != HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_reader_that_never_reads_is_cut_off()
    {
        await using var api = await RunningApi.Start(new ApiOptions { StreamWriteTimeout = TimeSpan.FromMilliseconds(300), EventBuffer = 4096 });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, api.Host.Address.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{api.Host.Address.Port}\r\n\r\n"), Cancellation);
        var filler = new string('x', 5000);
        while (api.Host.OpenStreams == 0)
            await Task.Yield();
        for (var published = 200L; api.Host.OpenStreams > 0; published += 200)
        {
            for (var i = 0; i < 200; i++)
                await Publish(api, filler + i);
            // No faster than the server takes them: a queue of them would fill the machine's memory first.
            while (api.Host.Hub.Buffer.Newest is var newest && newest < published)
                await api.Host.Hub.Buffer.WaitForMore(newest).WaitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        await using var api = await RunningApi.Start();
        using var reader = await SseReader.Open(api, null);
        var stopping = api.Host.StopAsync(Cancellation);
        await reader.ToEnd();
        await stopping.WaitAsync(Cancellation);
    }

    [Fact]
    public void The_buffer_keeps_the_newest_and_knows_what_is_gone()
    {
        var buffer = new EventBuffer(4);
        for (var i = 1; i <= 6; i++)
            buffer.Add(new byte[] { (byte)i });
        var read = new List<BufferedEvent>();
        Assert.False(buffer.Read(1, read));
        Assert.Empty(read);
        Assert.True(buffer.Read(2, read));
        Assert.Equal([3, 4, 5, 6], read.Select(e => e.Number));
        Assert.Equal([3, 4, 5, 6], read.Select(e => (long)e.Json.Span[0]));
        Assert.False(buffer.Read(7, read));
        Assert.True(buffer.WaitForMore(5).IsCompleted);
        Assert.False(buffer.WaitForMore(6).IsCompleted);
    }

    [Fact]
    public async Task A_bell_rung_before_the_wait_is_heard_and_none_is_left_behind()
    {
        var bells = new RunBells();
        var id = Guid.CreateVersion7();
        using (var bell = bells.Hang(id))
        using (var second = bells.Hang(id))
        {
            bells.Ring(id);
            bells.Ring(id);
            await bell.Wait(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation);
            await second.Wait(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation);
            Assert.Equal(1, bells.Count);
        }

        Assert.Equal(0, bells.Count);
    }

    static ValueTask Publish(RunningApi api, string name) => api.Bus.Publish(new Contracts.DefinitionChanged("queue", null, name, 1), Cancellation);
}
