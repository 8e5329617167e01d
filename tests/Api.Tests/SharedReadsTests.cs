using System.Globalization;
using System.Text;
using Holoflow.Api.Edge;
using Holoflow.ApiModel;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Tests;

/// <summary>Answers that several readers share are never older than their questions, and one reader's misfortune is no other's.</summary>
public sealed class SharedReadsTests
{
    readonly SharedReads _reads = new();

    [Fact]
    public async Task Those_who_ask_while_an_answer_is_read_share_the_one_that_is_begun_after_them()
    {
        var source = new Source();
        var first = Ask(source);
        await source.Begun(1);
        var others = Enumerable.Range(0, 5).Select(_ => Ask(source)).ToList();
        var another = Ask(source, "/another");
        await source.Begun(2);
        source.Value = 7;
        source.Release();
        Assert.Equal("0", await first);
        Assert.Equal("0", await another);
        Assert.All(await Task.WhenAll(others), text => Assert.Equal("7", text));
        Assert.Equal(3, source.Reads);
        Assert.Equal("7", await Ask(source));
        Assert.Equal(4, source.Reads);
    }

    [Fact]
    public async Task Where_the_one_who_reads_for_others_fails_they_read_by_themselves()
    {
        var source = new Source();
        var first = Ask(source);
        await source.Begun(1);
        var failing = Ask(source, fails: true);
        var others = Enumerable.Range(0, 3).Select(_ => Ask(source)).ToList();
        source.Release();
        Assert.Equal("0", await first);
        _ = await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        Assert.All(await Task.WhenAll(others), text => Assert.Equal("0", text));
        Assert.Equal("0", await Ask(source));
    }

    [Fact]
    public async Task Nobody_is_told_anything_older_than_the_question()
    {
        var source = new Source();
        source.Release();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (reader == 0)
                    _ = Interlocked.Increment(ref source.Value);
                var before = Volatile.Read(ref source.Value);
                var told = int.Parse(await Ask(source), CultureInfo.InvariantCulture);
                Assert.True(told >= before, $"{told} was told, {before} was there before it was asked");
            }
        })));
    }

    async Task<string> Ask(Source source, string path = "/one", bool fails = false)
    {
        var http = new DefaultHttpContext { Request = { Path = path }, Response = { Body = new MemoryStream() } };
        await _reads.Answer(http, http => source.Read(http, fails));
        Assert.Equal(200, http.Response.StatusCode);
        return Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
    }

    /// <summary>A number that is read as an answer; the first reads wait until they are let go.</summary>
    sealed class Source
    {
        readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly SemaphoreSlim _begun = new(0);
        int _seen;
        int _reads;

        public int Value;

        public int Reads => Volatile.Read(ref _reads);

        public void Release() => _released.SetResult();

        public async Task Begun(int reads)
        {
            for (; _seen < reads; _seen++)
                await _begun.WaitAsync(TestContext.Current.CancellationToken);
        }

        public async Task Read(HttpContext http, bool fails)
        {
            var value = Volatile.Read(ref Value);
            _ = Interlocked.Increment(ref _reads);
            _ = _begun.Release();
            if (!_released.Task.IsCompleted)
                await _released.Task;
            if (fails)
                throw new InvalidDataException();
            await Task.Yield();
            await Answers.Json(http, value, ApiJson.Default.Int32);
        }
    }
}
