using Holoflow.Api.Tests.Fixture;
using Holoflow.Hosting;

namespace Holoflow.Api.Tests;

/// <summary>What the API's environment may say.</summary>
public sealed class ApiSettingsTests
{
    [Fact]
    public void It_listens_on_loopback_unless_it_is_told() =>
        Assert.Equal(("127.0.0.1", 4200, false), Shown(Read([])));

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0", 4300)]
    [InlineData("0.0.0.0:81", "0.0.0.0", 81)]
    [InlineData("[::]:81", "::", 81)]
    [InlineData("::", "::", 4300)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0)]
    public void An_address_is_read_with_or_without_its_port(string text, string address, int port)
    {
        var options = Read([("HOLOFLOW_API_LISTEN", text), ("HOLOFLOW_API_PORT", "4300")]);
        Assert.Equal((address, port, !address.StartsWith("127.", StringComparison.Ordinal)), Shown(options));
    }

    [Theory]
    [InlineData("4200")]
    [InlineData("localhost:4200")]
    [InlineData("0.0.0.0:99999")]
    [InlineData("*:4200")]
    [InlineData("1.2.3.4.5")]
    public void What_is_no_address_is_named(string text)
    {
        var settings = Settings([("HOLOFLOW_API_LISTEN", text), ("HOLOFLOW_API_TOKENS", "maybe")]);
        _ = ApiSettings.Read(settings);
        Assert.Equal(2, settings.Mistakes.Count);
        Assert.Contains($"HOLOFLOW_API_LISTEN is '{text}': an IP address", settings.Mistakes[0], StringComparison.Ordinal);
        Assert.Contains("Auto, Required", settings.Mistakes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_can_be_asked_for_on_loopback() => Assert.True(Read([("HOLOFLOW_API_TOKENS", "required")]).NeedsTokens);

    static (string, int, bool) Shown(ApiOptions options) => (options.Address.ToString(), options.Port, options.NeedsTokens);

    static ApiOptions Read((string, string)[] variables)
    {
        var settings = Settings(variables);
        var options = ApiSettings.Read(settings);
        Assert.Empty(settings.Mistakes);
        return options;
    }

    static ServiceSettings Settings((string Name, string Value)[] variables) => new(variables.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
}

/// <summary>What a service logs of an event that it could not take.</summary>
public sealed class EventLogTests
{
    [Fact]
    public void What_a_service_does_not_know_is_one_line_and_a_fault_of_ours_is_told_with_its_place()
    {
        var log = new CapturedLog();
        log.EventFailed(new Holoflow.Messaging.MessagingException("'x' has schema version 2"), "'x' of schema version 2");
        Assert.DoesNotContain('\n', Assert.Single(log.Lines).TrimEnd());
        Assert.Contains("'x' of schema version 2 is not taken: 'x' has schema version 2", log.Lines.Single(), StringComparison.Ordinal);
        log.EventFailed(new InvalidOperationException("bug"), "y");
        Assert.Contains(nameof(InvalidOperationException), log.Lines.Last(), StringComparison.Ordinal);
    }
}
