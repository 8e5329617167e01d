using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Holoflow.Stack.Tests;

/// <summary>
/// A network of its own for some processes, joined to the machine by one cable that can be pulled. What they may reach is relayed from the
/// machine's end of the cable. Needs root.
/// </summary>
sealed class NetworkNamespace : IAsyncDisposable
{
    static int _count;

    readonly string _name;
    readonly string _cable;
    readonly TcpListener _listener;
    readonly CancellationTokenSource _ending = new();
    readonly Task _relay;

    NetworkNamespace(string name, string cable, TcpListener listener, IPEndPoint target)
    {
        (_name, _cable, _listener) = (name, cable, listener);
        _relay = Relay(target);
    }

    /// <summary>Where <c>target</c> is reached from inside.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>What comes before a command so that it runs inside.</summary>
    public IReadOnlyList<string> Prefix => ["ip", "netns", "exec", _name];

    /// <summary>Makes one from whose inside <paramref name="target"/> can be reached.</summary>
    public static async Task<NetworkNamespace> Create(IPEndPoint target)
    {
        // Two processes that test at once on one machine use different nets of 10.0.0.0/8.
        var number = ((Environment.ProcessId * 4) + Interlocked.Increment(ref _count)) % 60_000;
        var (name, cable) = ($"holoflow-{number}", $"hf{number}");
        var net = $"10.{200 + (number / 16_384)}.{number / 64 % 256}.{number % 64 * 4}";
        var (outside, inside) = (Add(net, 1), Add(net, 2));
        await Ip("netns", "add", name);
        await Ip("link", "add", cable, "type", "veth", "peer", "name", "inside", "netns", name);
        await Ip("addr", "add", $"{outside}/30", "dev", cable);
        await Ip("link", "set", cable, "up");
        await Ip("-n", name, "addr", "add", $"{inside}/30", "dev", "inside");
        await Ip("-n", name, "link", "set", "inside", "up");
        await Ip("-n", name, "link", "set", "lo", "up");
        var listener = new TcpListener(IPAddress.Parse(outside), 0);
        listener.Start();
        return new NetworkNamespace(name, cable, listener, target);
    }

    /// <summary>Pulls the cable: nothing comes through, and nobody is told.</summary>
    public Task Cut() => Ip("-n", _name, "link", "set", "inside", "down");

    public Task Restore() => Ip("-n", _name, "link", "set", "inside", "up");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _relay;
        await Ip("link", "del", _cable);
        await Ip("netns", "del", _name);
        _ending.Dispose();
    }

    static string Add(string net, int host)
    {
        var bytes = IPAddress.Parse(net).GetAddressBytes();
        bytes[3] += (byte)host;
        return new IPAddress(bytes).ToString();
    }

    static async Task Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Trim()} (networks of their own need root and the package iproute2)");
    }

    async Task Relay(IPEndPoint target)
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
                relayed.Add(Join(await _listener.AcceptTcpClientAsync(_ending.Token), target));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relayed);
        }
    }

    async Task Join(TcpClient inside, IPEndPoint target)
    {
        using (inside)
        using (var outside = new TcpClient())
        {
            try
            {
                await outside.ConnectAsync(target, _ending.Token);
                await Task.WhenAny(inside.GetStream().CopyToAsync(outside.GetStream(), _ending.Token), outside.GetStream().CopyToAsync(inside.GetStream(), _ending.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // One end is gone: the other is closed.
            }
        }
    }
}
