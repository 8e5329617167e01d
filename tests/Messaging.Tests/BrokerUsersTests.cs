using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Messaging.Tests;

/// <summary>A broker with its management, and a user of it that may make others and nothing else.</summary>
public sealed class ManagedBroker : IAsyncLifetime
{
    const string Password = "the management's";

    public RabbitMqServer Server { get; private set; } = null!;

    /// <summary>The management, as its own user.</summary>
    public Uri Management { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Next();
        Server = await RabbitMqServer.Start([$"management.tcp.port = {port}", "management.tcp.ip = 127.0.0.1"], "rabbitmq_management");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("guest:guest"u8));
        await Holoflow.Servers.Management.Answers(http);
        await Holoflow.Servers.Management.PutUser(http, "enrollment", Password, "administrator");
        await Holoflow.Servers.Management.PutUser(http, "clerk", Password, "management");
        Management = new UriBuilder(http.BaseAddress) { UserName = "enrollment", Password = Uri.EscapeDataString(Password) }.Uri;
    }

    /// <summary>The management, as somebody else.</summary>
    public Uri ManagementAs(string user, string password = Password) => new UriBuilder(Management) { UserName = user, Password = Uri.EscapeDataString(password) }.Uri;

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Users of the broker for enrolled agents, made and removed through a real broker's management.</summary>
public sealed class BrokerUsersTests(ManagedBroker broker) : IClassFixture<ManagedBroker>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_gets_a_user_with_an_agents_rights_and_loses_its_connections_with_it()
    {
        using var users = Users(broker.Management);
        var user = await users.Create("node.1", BrokerPassword.HashOf("its own"), Cancellation);
        Assert.Equal("agent-node.1", user);
        await using var connection = await Connect(user, "its own");
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => Connect(user, "another"));
        var closed = new TaskCompletionSource();
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation))
        {
            _ = await channel.QueueDeclareAsync($"answers.{user}.1", durable: true, exclusive: false, autoDelete: true, cancellationToken: Cancellation);
            var refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("answers.agent-nodex1.1", durable: true, exclusive: false, autoDelete: true, cancellationToken: Cancellation));
            Assert.Contains("ACCESS_REFUSED", refused.Message, StringComparison.Ordinal);
        }

        Assert.Contains("node.1", await users.Agents(Cancellation));
        await users.Remove("node.1", Cancellation);
        await closed.Task.WaitAsync(Cancellation);
        Assert.DoesNotContain("node.1", await users.Agents(Cancellation));
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => Connect(user, "its own"));
        await users.Remove("node.1", Cancellation);
    }

    [Fact]
    public async Task Users_that_were_not_made_here_are_nobodys_agents()
    {
        using var users = Users(broker.Management);
        _ = await users.Create("mine", BrokerPassword.HashOf("x"), Cancellation);
        using var http = new HttpClient { BaseAddress = new UriBuilder(broker.Management) { UserName = "", Password = "" }.Uri };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("guest:guest"u8));
        await Management.PutUser(http, "agent-theirs", "x", "monitoring");
        var agents = await users.Agents(Cancellation);
        Assert.Contains("mine", agents);
        Assert.DoesNotContain("theirs", agents);
        await users.Check("mine", Cancellation);
        Assert.Contains("'agent-theirs' that was not made here", (await Assert.ThrowsAsync<MessagingException>(() => users.Check("theirs", Cancellation))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enrollment", "wrong", "does not let the API in")]
    [InlineData("clerk", null, "it needs the tag 'administrator'")]
    public async Task A_user_that_may_not_make_others_is_told_of(string user, string? password, string says)
    {
        using var users = Users(password is null ? broker.ManagementAs(user) : broker.ManagementAs(user, password));
        Assert.Contains(says, (await Assert.ThrowsAsync<MessagingException>(() => users.Check("node", Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_management_that_does_not_answer_is_told_of_in_one_line()
    {
        using var users = Users(new Uri($"http://enrollment:x@127.0.0.1:{FreePort.Next()}/"));
        var told = (await Assert.ThrowsAsync<MessagingException>(() => users.Check("node", Cancellation))).Message;
        Assert.Contains("does not answer", told, StringComparison.Ordinal);
        Assert.DoesNotContain("enrollment:x", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64 at all")]
    [InlineData("cGFzc3dvcmQ=")]
    public void What_is_no_password_hash_is_told_apart(string text) => Assert.False(BrokerPassword.IsHash(text));

    [Fact]
    public void An_installations_own_agents_have_the_same_rights() =>
        Assert.Equal(BrokerRights.OfAgent("agent"), InstallationBroker.RightsOf("agent"));

    BrokerUsers Users(Uri management) => new(management, new UriBuilder(broker.Server.Address) { UserName = "", Password = "" }.Uri);

    Task<IConnection> Connect(string user, string password) => new ConnectionFactory { Uri = broker.Server.Address, UserName = user, Password = password }.CreateConnectionAsync(Cancellation);
}
