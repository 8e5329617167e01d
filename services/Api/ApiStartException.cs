namespace Holoflow.Api;

/// <summary>The API cannot be served; the message says why and what to do.</summary>
public sealed class ApiStartException(string message, Exception? inner = null) : Exception(message, inner);
