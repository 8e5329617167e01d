using System.Reflection;
using System.Text.Json;
using Holoflow.Messaging.RabbitMq;

namespace Holoflow.Messaging.Tests;

/// <summary>What the broker's library is, and what it must not do.</summary>
public sealed class LibraryTests(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public void No_package_or_assembly_of_the_commercial_version_is_restored()
    {
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Holoflow.Messaging.Tests.deps.json")));
        string[] packages = [.. dependencies.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name).Where(name => name.StartsWith("MassTransit", StringComparison.OrdinalIgnoreCase))];
        string[] files = Directory.GetFiles(AppContext.BaseDirectory, "MassTransit*.dll");
        Assert.NotEmpty(packages);
        Assert.NotEmpty(files);
        Assert.All(packages, package => Assert.StartsWith("8.", package.Split('/')[1], StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(8, AssemblyName.GetAssemblyName(file).Version!.Major));
    }

    [Fact]
    public async Task The_library_tells_nobody_of_its_use()
    {
        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = broker.Server.Address }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("false", Environment.GetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY"));
    }
}
