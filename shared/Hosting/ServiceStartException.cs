namespace Holoflow.Hosting;

/// <summary>The service cannot start; the message is one line for the one who started it.</summary>
public sealed class ServiceStartException(string message, Exception? inner = null) : Exception(message, inner);
